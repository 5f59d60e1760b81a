"""Words that tell that a table or a value is about people: roles, and common given names."""

_PEOPLE = """
admin anak anggota author ayah balita bayi bidan calon citizen client contact costumer customer
debitur dokter dosen employee guru ibu istri jamaah kader karyawan keluarga kepala ketua klien
kontak lansia mahasiswa masyarakat member murid nasabah operator orang orangtua owner pasien
patient pegawai pejabat pekerja pelaku pelamar pelanggan pelapor pemilik pemohon pencaker
pendaftar penduduk penerima pengadu pengguna pengirim pengunjung penulis pengurus perawat person
petugas peserta profil profile relawan sdm seller siswa staf staff student suami supplier tamu
tenaga terlapor user users visitor wali warga
"""
_CHILDREN = """
anak balita bayi murid paud pelajar siswa student students santri
"""
_COMPLAINTS = """
aduan aspirasi comment comments complaint complaints feedback keluhan komentar konsultasi kritik
laporan lapor pengaduan pesan saran tanggapan testimoni tindak ulasan
"""
_GIVEN_NAMES = """
abdul abdullah achmad ade adi aditya agung agus ahmad aisyah ali alif amalia amin ana andi
andika andre andri ani anisa anita annisa ari arief arif aris asep astuti ayu bagus bambang bayu
budi cahya candra citra dani darma dedi deni desi dewi dian diah dika dimas dina dini dodi dwi
edi eka eko elisa endang erna erni fadli fajar farhan fatimah feri fitri fitriani galih gita
gunawan hadi haris hartono hasan hendra hendri heri herman hidayat ika ilham imam indah indra
intan irfan irma ismail iwan jamal joko kartika kartini khadijah kurnia kurniawan laila lestari
lia lilis lina maria mega melati mira mohamad mohammad muhamad muhammad mulyadi mulyani nadia
nanda nia nina nita novi novita nugroho nur nurhayati nurul permata pratama prasetyo puji
purnama puspita putra putri rahmat rahman rahmawati rama ratna reni reza rian rika rina rini
rizal rizki rizky rohman rudi rusdi sari setiawan sinta siska siti slamet sri sugeng suharto
sukma sulaiman sulistyo sunarto suparman supriyadi susanti susi sutrisno suyanto syarif taufik
teguh titin tono tri udin umar utami wahyu wahyudi wati wawan widodo wijaya wulan wulandari
yanti yanto yudi yuli yuliana yulianti yunita yusuf zahra zainal alexander andrew anna david
elizabeth james jessica john joseph mary michael paul peter robert sarah stefan thomas william
"""

PEOPLE = frozenset(_PEOPLE.split())
CHILDREN = frozenset(_CHILDREN.split())
COMPLAINTS = frozenset(_COMPLAINTS.split())
GIVEN_NAMES = frozenset(_GIVEN_NAMES.split())
