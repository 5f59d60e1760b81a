"""Indonesian names as a city of many origins writes them, and how apps spell one person's name."""

import pyarrow as pa
import pyarrow.compute as pc

from demo.dice import Bools, Dice, Ints

_MEN = """
    Abdul Achmad Adi Aditya Agung Agus Ahmad Aji Akbar Aldi Alfian Ali Amin Andi Andika Andre Anton
    Ardi Arief Arif Aris Asep Bagas Bagus Bambang Bayu Beni Bima Budi Burhan Cahyo Candra Cecep
    Chandra Dadang Danang Daniel Darma David Dedi Deden Deni Didik Dimas Djoko Doni Dwi Edi Eka Eko
    Endang Erwin Fadli Fahmi Fajar Faisal Farhan Feri Firman Galih Gilang Gunawan Hadi Hafiz Hamzah
    Handoko Hari Hartono Hasan Hendra Hendrik Heri Herman Hidayat Husein Ibnu Ilham Imam Indra Irfan
    Irwan Iwan Jaka Jamal Januar Joko Jonathan Kevin Komarudin Kurniawan Lukman Luthfi Mahmud Marwan
    Maulana Michael Mulyono Mustofa Nana Nanang Nur Nurdin Oki Pandu Putra Rachmat Rafi Rahmat
    Ramadhan Randi Rangga Rendi Reza Rian Ridwan Riki Rizki Rizky Robert Rudi Rusdi Saiful Samsul
    Sandi Sapto Satria Sigit Slamet Soleh Stefanus Sugeng Suharto Sukardi Sulaiman Sumarno Supri
    Surya Syahrul Syarif Taufik Tedi Teguh Tono Tri Ujang Umar Untung Usman Wahid Wahyu Wawan Wayan
    Widodo Wisnu Yadi Yanto Yoga Yohanes Yosef Yudi Yusuf Zaenal Zainal Zaki Zulkifli Ma’ruf Nu’man
    Rifa’i
""".split()  # noqa: SIM905  (a hundred quoted words read worse)
_WOMEN = """
    Aisyah Amelia Ana Anggi Anggraeni Anis Anita Annisa Aprilia Ariani Astri Ayu Bella Bunga Cahyani
    Christina Cici Citra Cucu Della Desi Devi Dewi Dian Diana Diah Dina Dinda Dini Dwi Eka Elisabeth
    Elsa Endah Eni Erna Esti Evi Fatimah Febri Fitri Fitria Fransiska Gita Hana Handayani Hesti Ika
    Imas Indah Indri Intan Ira Irma Ita Jihan Juliana Jumiati Kartika Khadijah Kurnia Laila Lasmi
    Lastri Lestari Lia Lilis Lina Linda Lisa Lusi Maria Mariana Mawar Maya Mega Melati Melinda Mila
    Mira Mutia Nabila Nadia Neneng Nia Nina Nita Novi Nur Nurhayati Nurul Okta Pipit Prita Puput
    Puspita Putri Rahma Rahayu Ratih Ratna Reni Retno Rika Rina Rini Risma Rita Rizka Rosita Rukmini
    Salsabila Santi Sari Sarah Sekar Septi Sherly Silvia Sinta Siska Siti Sofia Sri Sulastri Sumiati
    Suryani Susanti Syifa Tania Tati Theresia Tia Tika Titin Tri Tuti Ulfa Umi Utami Vera Vina
    Wahyuni Wati Widya Winda Wiwin Wulan Yani Yanti Yati Yuli Yuliana Yulianti Yuni Zahra Zulaikha
    Nur’aini Jum’ah
""".split()  # noqa: SIM905  (a hundred quoted words read worse)
_LAST = """
    Abdullah Adiputra Afandi Alamsyah Amanda Anggara Anwar Ardiansyah Aritonang Arifin Asmara Astuti
    Azhari Bachtiar Basri Budiman Cahyadi Chaniago Dharmawan Darmawan Effendi Fadillah Fauzi
    Febrianti Firdaus Firmansyah Ginting Gozali Gumilar Gunadi Hakim Halim Hamid Handayani Harahap
    Hardiansyah Hariyanto Hasibuan Hermawan Herlambang Hutabarat Hutagalung Ibrahim Irawan Ismail
    Iskandar Jaelani Juliansyah Kartini Kesuma Khasanah Kurnia Kurniawan Kusuma Kusumawardani
    Laksana Lesmana Lestari Lim Lubis Maharani Manurung Mardiana Marpaung Maulana Mulyadi Mulyani
    Munawar Nababan Nainggolan Nasution Nugraha Nugroho Nurjanah Oktaviani Pamungkas Panjaitan
    Pasaribu Permana Permatasari Prabowo Pradana Prakoso Pramono Prasetya Prasetyo Pratama Pratiwi
    Priyanto Purnama Purnomo Purwanto Puspitasari Putra Rahardjo Rahman Rahmawati Ramadhani Ramdani
    Rosadi Rusmana Sahputra Salim Samosir Santoso Sanusi Saputra Saragih Sasongko Setiadi Setiawan
    Siahaan Sihombing Simanjuntak Simatupang Sinaga Siregar Sitompul Sitorus Situmorang Soebroto
    Sobari Subagyo Sudrajat Suhendar Suherman Sulistyo Sulistyowati Supriadi Supriyanto Suryadi
    Suryana Susanto Susilo Sutanto Sutisna Suwandi Syafitri Syahputra Syarifudin Tambunan Tampubolon
    Tan Tanjung Utomo Wahyudi Wardani Wibisono Wibowo Wicaksono Widjaja Widodo Wijaya Winarno
    Yulianto Yusuf Zainuddin Zulfikar
""".split()  # noqa: SIM905  (a hundred quoted words read worse)
_MUHAMMAD = ("Muhammad", "Muhamad", "Mohammad", "Mohamad", "Mochamad", "Moh.", "Muh.", "M.")
_MIDDLE = """
    Adi Agung Al Ayu Bagus Budi Dewi Dwi Eka Fajar Hadi Indah Intan Jaya Kartika Kurnia Mega Nur
    Puspa Putra Putri Rahma Rizki Sari Satria Surya Tri Wahyu Widi Yudha
""".split()  # noqa: SIM905  (a hundred quoted words read worse)
_BEFORE = ("H.", "Hj.", "Dr.", "Drs.", "Ir.", "dr.", "Ust.")
_AFTER = ("S.Pd.", "S.E.", "S.Kom.", "S.H.", "S.T.", "M.M.", "A.Md.", "S.Sos.", "S.Ag.", "M.Pd.")

# Old spellings with signs outside ASCII, which some parents chose.
_ACCENTED = {
    "Andre": "André",
    "Reza": "Réza",
    "Sherly": "Shérly",
    "Daniel": "Daniël",
    "Anis": "Anïs",
    "Maria": "María",
    "Bella": "Bélla",
    "Nina": "Niña",
    "Sofia": "Sofía",
    "Michael": "Michaël",
}


def _take(words: tuple[str, ...] | list[str], positions: Ints) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(positions))


def full_names(dice: Dice, citizens: Ints, women: Bools) -> pa.Array:
    """The names on the identity cards: one to four words, sometimes with titles."""
    accented_men = [_ACCENTED.get(name, name) for name in _MEN]
    accented_women = [_ACCENTED.get(name, name) for name in _WOMEN]
    man = dice.below("name/first", citizens, len(_MEN))
    woman = dice.below("name/first", citizens, len(_WOMEN))
    with_accent = pa.array(dice.chance("name/accent", citizens, 0.3))
    first = pc.if_else(
        pa.array(women),
        pc.if_else(with_accent, _take(accented_women, woman), _take(_WOMEN, woman)),
        pc.if_else(with_accent, _take(accented_men, man), _take(_MEN, man)),
    )
    blank = pa.scalar(None, pa.string())

    def sometimes(label: str, probability: float, words: tuple[str, ...] | list[str]) -> pa.Array:
        word = _take(words, dice.below(label, citizens, len(words)))
        return pc.if_else(pa.array(dice.chance(f"{label}?", citizens, probability)), word, blank)

    muhammad = pc.if_else(pa.array(women), blank, sometimes("name/muhammad", 0.22, _MUHAMMAD))
    title_position = dice.below("name/title", citizens, len(_BEFORE))
    # "H." is for men who made the hajj, "Hj." for women.
    title_position = (title_position - (title_position == 1)) + ((title_position <= 1) & women)
    title = pc.if_else(
        pa.array(dice.chance("name/title?", citizens, 0.04)), _take(_BEFORE, title_position), blank
    )
    plain = pc.binary_join_element_wise(
        title,
        muhammad,
        first,
        sometimes("name/middle", 0.25, _MIDDLE),
        sometimes("name/last", 0.9, _LAST),
        " ",
        null_handling="skip",
    )
    degree = sometimes("name/degree", 0.05, _AFTER)
    return pc.binary_join_element_wise(plain, degree, ", ", null_handling="skip")


def without_signs(names: pa.Array) -> pa.Array:
    """Names as a keyboard without accents writes them."""
    plain = pc.utf8_normalize(names, "NFD")
    plain = pc.replace_substring_regex(plain, r"\p{Mn}", "")
    return pc.replace_substring(plain, "’", "'")


def mangled(names: pa.Array) -> pa.Array:
    """UTF-8 bytes taken for latin1 once too often: ``é`` becomes ``Ã©``."""
    return pa.array([name.encode("utf-8").decode("cp1252", "ignore") for name in names.to_pylist()])


def email_names(names: pa.Array) -> pa.Array:
    """The part of an e-mail address before the number and the @ sign."""
    slug = pc.utf8_lower(without_signs(names))
    slug = pc.replace_substring_regex(slug, r"[^a-z]+", ".")
    return pc.utf8_slice_codeunits(pc.utf8_trim(slug, "."), 0, 40)
