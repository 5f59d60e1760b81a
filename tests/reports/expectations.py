"""What every chart must show, worked out from the published warehouse without Superset.

Each query returns the chart's data in long form: one number for a tile, (x, series, value) for a
bar or line, the row for a table. Times are epoch milliseconds, as charts receive them.
"""

TIMEZONE = "Asia/Jakarta"

AS_OF = f"SELECT epoch_ms(max(as_of AT TIME ZONE '{TIMEZONE}')) FROM marts.rpt_app_freshness"
COLOUR = "upper(status_colour[1]) || status_colour[2:]"
PUNCTUALITY = "CASE WHEN is_late THEN 'Terlambat' ELSE 'Dalam target' END"
DAILY = "FROM marts.fct_service_requests_daily"

# The wall's figures are counted anew on the complaints that they sum up.
RUANG_KENDALI = {
    "Data per": AS_OF,
    "Merah: baru, belum diproses": "SELECT count(*) FROM marts.fct_complaints WHERE status = 'new'",
    "Kuning: sedang diproses": (
        "SELECT count(*) FROM marts.fct_complaints WHERE status = 'in_progress'"
    ),
    "Hijau: selesai": "SELECT count(*) FROM marts.fct_complaints WHERE status = 'done'",
    "Pengaduan terbuka terlama": "SELECT max(age_days) FROM marts.fct_complaints WHERE is_open",
}

# The tiles are counted on the detail where there is one, so that the daily summary is checked too.
LAYANAN_TERPADU = {
    "Data per": AS_OF,
    "Permintaan layanan": "SELECT count(*) FROM marts.fct_service_requests",
    "Belum selesai": "SELECT count(*) FROM marts.fct_service_requests WHERE is_open",
    "Terlambat dari target": "SELECT count(*) FROM marts.fct_service_requests WHERE is_late",
    "Sudah selesai": "SELECT avg((status = 'closed')::INT) FROM marts.fct_service_requests",
    "Permintaan layanan per perangkat daerah (jumlah)": (
        f"SELECT department_short_name, status_name, sum(request_count) {DAILY} "
        "INNER JOIN marts.dim_departments USING (department_code) GROUP BY ALL"
    ),
    "Permintaan layanan per kecamatan (jumlah)": (
        f"SELECT kecamatan_name, status_name, sum(request_count) {DAILY} GROUP BY ALL"
    ),
    "Permintaan layanan masuk per minggu (jumlah)": f"""
        SELECT epoch_ms(date_trunc('week', received_date)), status_name, sum(request_count)
        {DAILY} GROUP BY ALL""",
    "Permintaan terlambat per perangkat daerah (% yang punya target)": """
        SELECT department_short_name, 'late_share',
            100.0 * sum(late_count) / sum(late_count + on_time_count)
        FROM marts.rpt_service_performance INNER JOIN marts.dim_departments USING (department_code)
        GROUP BY ALL HAVING sum(late_count + on_time_count) > 0""",
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
    # A check that passed with a note, of the source or of a mart that is shown, is told on top.
    "Sumber data dan keadaannya": f"""
        SELECT 'LAKSA', strftime(last_loaded_at AT TIME ZONE '{TIMEZONE}', '%d/%m/%Y %H.%M'),
            CASE WHEN is_held THEN '■ ' WHEN status_name = 'Terkini' THEN '✓ ' ELSE '▲ ' END
                || status_name
        FROM marts.rpt_app_freshness WHERE app = 'laksa'
        UNION ALL
        SELECT 'Pemeriksaan data',
            strftime((SELECT audited_at FROM quality.history WHERE is_current)
                AT TIME ZONE '{TIMEZONE}', '%d/%m/%Y %H.%M'),
            CASE WHEN bool_and(is_passed) THEN '✓ Lulus'
                ELSE '▲ ' || count(*) FILTER (WHERE NOT is_passed) || ' catatan' END
        FROM quality.checks
        WHERE app = 'laksa'
            OR app IS NULL
            AND table_name IN ('marts.fct_complaints', 'marts.rpt_service_performance')""",
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

KATALOG = {
    "Aplikasi pemerintah kota": "SELECT count(*) FROM marts.rpt_app_register",
    "Sudah terintegrasi di gudang data": (
        "SELECT count(*) FROM marts.rpt_app_register WHERE integration_status = 'integrated'"
    ),
}
KESEHATAN = {
    "Kunjungan puskesmas": "SELECT sum(visit_count) FROM marts.fct_health_visits",
    "Imunisasi menurut kecamatan anak (jumlah)": """
        SELECT kecamatan_name, 'vaccinations', sum(vaccination_count)
        FROM marts.fct_vaccinations GROUP BY ALL""",
}
PAJAK = {
    "PBB per kelurahan dan tahun pajak": """
        SELECT tax_year::VARCHAR, kecamatan_name, kelurahan_name, count(*),
            count(*) FILTER (WHERE is_overdue), sum(billed_rupiah) / 1e6,
            sum(billed_rupiah - outstanding_rupiah) / 1e6, sum(outstanding_rupiah) / 1e6,
            100.0 * sum(billed_rupiah - outstanding_rupiah) / sum(billed_rupiah)
        FROM marts.fct_tax_bills
        WHERE tax_year = (SELECT max(budget_year) FROM marts.fct_budget_lines) GROUP BY ALL""",
    "Pagu anggaran": """
        SELECT sum(budget_rupiah) / 1e9 FROM marts.fct_budget_lines
        WHERE budget_year = (SELECT max(budget_year) FROM marts.fct_budget_lines)""",
}
KEPEGAWAIAN = {
    "Pegawai bulan ini": """
        SELECT sum(employee_count) FROM marts.fct_staff
        WHERE month_date = (SELECT max(month_date) FROM marts.fct_staff)""",
}
MUTU_DATA = {
    "Pemeriksaan yang dijalankan": "SELECT count(*) FROM quality.checks",
    "Pemeriksaan dengan catatan": (
        "SELECT count(*) FROM quality.checks WHERE NOT is_passed AND severity = 'warning'"
    ),
    "Karantina yang terbuka": "SELECT coalesce(sum(open_count), 0) FROM quality.quarantine",
    "Tabel menurut aplikasi dan hasil rekonsiliasi (jumlah)": (
        "SELECT app_name, status_name, count(*) FROM quality.reconciliation GROUP BY ALL"
    ),
}

EXPECTED = {
    "katalog-aplikasi": KATALOG,
    "ruang-kendali": RUANG_KENDALI,
    "pengaduan": PENGADUAN,
    "perizinan": PERIZINAN,
    "ketenagakerjaan": KETENAGAKERJAAN,
    "harga-bahan-pokok": HARGA,
    "kesehatan": KESEHATAN,
    "pajak-dan-anggaran": PAJAK,
    "kepegawaian": KEPEGAWAIAN,
    "layanan-terpadu": LAYANAN_TERPADU,
    "mutu-data": MUTU_DATA,
}
