-- What somebody who knows DuckDB and this city would write in an afternoon for three of the facts:
-- the same rows, joins and measures from the same change logs, in one file; no tests, no contracts,
-- no misspelt place found, no history of codes.

create table by_hand.complaints as
with
forwarded as (
    select pengaduan_id, max_by(opd_id, (tgl, id)) as opd_id, min(tgl) as first_forwarded_at
    from current_laksa_disposisi group by pengaduan_id
),
answered as (
    select pengaduan_id, min(tgl) as first_followed_up_at
    from current_laksa_tindak_lanjut group by pengaduan_id
)
select
    c.id, c.nomor, k.nama as category_name, o.nama as department_name,
    a.kecamatan_code, a.kecamatan_name, c.status, c.tgl_lapor,
    case when f.first_followed_up_at >= c.tgl_lapor then f.first_followed_up_at end as response_at,
    case when c.status = 2 and c.tgl_selesai >= c.tgl_lapor then c.tgl_selesai end as closed_at,
    date_diff('second', c.tgl_lapor, f.first_followed_up_at) / 3600.0 as response_hours,
    case
        when c.status <> 2 then date_diff('day', c.tgl_lapor, now())
        else date_diff('day', c.tgl_lapor, c.tgl_selesai)
    end as age_days
from current_laksa_pengaduan as c
left join forwarded as d on c.id = d.pengaduan_id
left join answered as f on c.id = f.pengaduan_id
left join current_laksa_kategori as k on c.kategori_id = k.id
left join current_laksa_opd as o on d.opd_id = o.id
left join reference.seed_areas as a
    on a.area_level = 'kecamatan'
    and upper(regexp_replace(c.kecamatan, '^ *(kec[.]?|kecamatan) *', '', 'i')) = upper(a.area_name)
where c.status is distinct from 9;

create table by_hand.permit_applications as
with
stages as (
    select permohonan_id, count(*) as stage_count, min(mulai_pada) as processed_at
    from current_perizinan_tahapan group by permohonan_id
),
fees as (
    select
        permohonan_id, sum(jumlah) as billed,
        sum(case when dibayar_pada is not null then jumlah else 0 end) as paid
    from current_perizinan_retribusi group by permohonan_id
)
select
    p.id, p.nomor, t.nama as permit_type_name, t.opd_teknis, a.kecamatan_code, a.kecamatan_name,
    p.status, p.diajukan_pada, s.processed_at, s.stage_count, f.billed, f.paid, t.sla_hari_kerja,
    case when p.selesai_pada >= p.diajukan_pada then p.selesai_pada end as closed_at,
    date_diff('second', p.diajukan_pada, p.selesai_pada) / 3600.0 as resolution_hours
from current_perizinan_permohonan as p
left join current_perizinan_jenis_izin as t on p.jenis_kode = t.kode
left join stages as s on p.id = s.permohonan_id
left join fees as f on p.id = f.permohonan_id
left join reference.seed_areas as a on trim(p.lokasi_kode_bps) = a.area_code_bps;

create table by_hand.commodity_prices as
with
prices as (
    select
        *,
        try_cast(regexp_replace(cast(harga as varchar), '[^0-9]', '', 'g') as decimal(18, 2))
            as rupiah
    from current_segar_harga
),
once as (
    select * from prices
    where rupiah > 0
    qualify
        row_number() over (
            partition by komoditas_id, pasar_id, tanggal order by updated_at desc, id desc
        ) = 1
)
select
    o.tanggal, o.komoditas_id, trim(o.komoditas_name) as commodity_name, o.pasar_id,
    a.kecamatan_code, o.rupiah,
    lag(o.rupiah) over (partition by o.komoditas_id, o.pasar_id order by o.tanggal) as before,
    round(100.0 * (o.rupiah / nullif(before, 0) - 1), 2) as change_percent
from once as o
left join current_segar_pasar as m on o.pasar_id = m.id
left join reference.seed_areas as a
    on a.area_level = 'kecamatan' and upper(trim(m.kecamatan)) = upper(a.area_name);
