"""What every chart must show, worked out from the published warehouse without Superset.

Each query returns the chart's data in long form: one number for a tile, (x, series, value) for a
bar or line, the row for a table. Times are epoch milliseconds, as charts receive them.
"""

TIMEZONE = "Asia/Jakarta"

AS_OF = f"SELECT epoch_ms(max(as_of AT TIME ZONE '{TIMEZONE}')) FROM marts.rpt_app_freshness"
FRESHNESS = f"""
    SELECT app_name, strftime(last_loaded_at AT TIME ZONE '{TIMEZONE}', '%d/%m/%Y %H.%M'),
        row_count, status_name
    FROM marts.rpt_app_freshness"""
COLOUR = "upper(status_colour[1]) || status_colour[2:]"
PUNCTUALITY = "CASE WHEN is_late THEN 'Terlambat' ELSE 'Dalam target' END"
DAILY = "FROM marts.fct_service_requests_daily"

RUANG_KENDALI = {
    "Data per": AS_OF,
    "Merah: baru, belum diproses": "SELECT count(*) FROM marts.fct_complaints WHERE status = 'new'",
    "Kuning: sedang diproses": (
        "SELECT count(*) FROM marts.fct_complaints WHERE status = 'in_progress'"
    ),
    "Hijau: selesai": "SELECT count(*) FROM marts.fct_complaints WHERE status = 'done'",
    "Belum selesai: merah dan kuning": (
        "SELECT count(*) FROM marts.fct_complaints WHERE status IN ('new', 'in_progress')"
    ),
    "Pengaduan per kecamatan (jumlah)": (
        f"SELECT kecamatan_name, {COLOUR}, count(*) FROM marts.fct_complaints GROUP BY ALL"
    ),
    "Pengaduan per perangkat daerah (jumlah)": (
        f"SELECT department_name, {COLOUR}, count(*) FROM marts.fct_complaints GROUP BY ALL"
    ),
    "Pengaduan masuk per minggu (jumlah)": f"""
        SELECT epoch_ms(date_trunc('week', reported_date)), {COLOUR}, count(*)
        FROM marts.fct_complaints GROUP BY ALL""",
    "Pengaduan terlama tanpa tanggapan": """
        SELECT complaint_number, category_name, kecamatan_name, department_name, age_days
        FROM marts.fct_complaints WHERE is_open AND first_response_at IS NULL
        ORDER BY age_days DESC, complaint_number LIMIT 10""",
    "Kesegaran data per aplikasi": FRESHNESS,
}

# The tiles are counted on the detail where there is one, so that the daily summary is checked too.
LAYANAN_TERPADU = {
    "Data per": AS_OF,
    "Permintaan layanan": "SELECT count(*) FROM marts.fct_service_requests",
    "Belum selesai": "SELECT count(*) FROM marts.fct_service_requests WHERE is_open",
    "Terlambat dari target": "SELECT count(*) FROM marts.fct_service_requests WHERE is_late",
    "Sudah selesai": "SELECT avg((status = 'closed')::INT) FROM marts.fct_service_requests",
    "Permintaan layanan per perangkat daerah (jumlah)": (
        f"SELECT department_name, status_name, sum(request_count) {DAILY} GROUP BY ALL"
    ),
    "Permintaan layanan per kecamatan (jumlah)": (
        f"SELECT kecamatan_name, status_name, sum(request_count) {DAILY} GROUP BY ALL"
    ),
    "Permintaan layanan masuk per minggu (jumlah)": f"""
        SELECT epoch_ms(date_trunc('week', received_date)), status_name, sum(request_count)
        {DAILY} GROUP BY ALL""",
}
PERIZINAN = {
    "Izin dalam proses per tahap (jumlah)": f"""
        SELECT list_position(['submitted', 'verification', 'survey', 'approval'], status)
            || ' ' || status_name, {PUNCTUALITY}, count(*)
        FROM marts.fct_permit_applications WHERE is_open GROUP BY ALL""",
    "Izin dalam proses per jenis (jumlah)": f"""
        SELECT permit_type_name, {PUNCTUALITY}, count(*)
        FROM marts.fct_permit_applications WHERE is_open GROUP BY ALL""",
}
PENGADUAN = {
    "Pengaduan masuk di seluruh kota": (
        "SELECT sum(request_count) FROM marts.rpt_service_performance WHERE source_app = 'laksa'"
    ),
    "Pengaduan menurut kategori dan warna (jumlah)": (
        f"SELECT category_name, {COLOUR}, count(*) FROM marts.fct_complaints GROUP BY ALL"
    ),
}
HARGA = {
    "Harga yang melonjak dalam seminggu": (
        "SELECT count(*) FROM marts.rpt_price_watch WHERE is_alarm"
    ),
    "Harga yang mungkin salah catat": (
        "SELECT count(*) FROM marts.rpt_price_watch WHERE is_outlier"
    ),
}
KETENAGAKERJAAN = {
    "Pencari kerja terdaftar": "SELECT count(*) FROM marts.fct_job_seekers",
    "Posisi yang masih dibuka": (
        "SELECT sum(opening_count) FROM marts.fct_job_vacancies WHERE is_open"
    ),
    "Pencari kerja menurut keterampilan (orang)": (
        "SELECT skill_group_name, status_name, count(*) FROM marts.fct_job_seekers GROUP BY ALL"
    ),
}

EXPECTED = {
    "ruang-kendali": RUANG_KENDALI,
    "pengaduan": PENGADUAN,
    "perizinan": PERIZINAN,
    "ketenagakerjaan": KETENAGAKERJAAN,
    "harga-bahan-pokok": HARGA,
    "layanan-terpadu": LAYANAN_TERPADU,
}
