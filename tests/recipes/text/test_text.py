"""Shown text, spoken text and the tie between them, on lines that are hard on purpose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipes.text import Sentence, prepare

RUSSIAN = {
    "Скидка 25 % действует.": "Скидка двадцать пять процентов действует.",
    "Встреча в 18:30.": "Встреча в восемнадцать тридцать.",
    "Мы ждали до 18:30.": "Мы ждали до восемнадцати часов тридцати минут.",
    "Поезд в 9:05 и в 20:00.": "Поезд в девять ноль пять и в двадцать часов.",
    "Из 1 500 000 человек пришли трое.": "Из одного миллиона пятисот тысяч человек пришли трое.",
    "В 2024 году, т.е. давно.": "В две тысячи двадцать четвёртом году, то есть давно.",
    "Свет летит 1,3 с.": "Свет летит одна целая три десятых секунды.",
    "Ждём 5 с друзьями.": "Ждём пять с друзьями.",
    "Это в 2x быстрее.": "Это в два раза быстрее.",
    "Это стоит $5,99 или 450 ₽.": "Это стоит пять долларов девяносто девять центов или четыреста пятьдесят рублей.",
    "12 апреля 1961 г. он летал 108 минут.": (
        "двенадцатого апреля тысяча девятьсот шестьдесят первого года он летал сто восемь минут."
    ),
    "В XIX веке жил А. С. Пушкин.": "В девятнадцатом веке жил а эс Пушкин.",
    "Скорость 90 км/ч, мороз −15 °C.": "Скорость девяносто километров в час, мороз минус пятнадцать градусов Цельсия.",
    "От 3 до 21 тысячи часов.": "От трёх до двадцати одной тысячи часов.",
    "В 90-е годы, №5.": "В девяностые годы, номер пять.",
    "Экран 1080×1920, зум 3x.": "Экран одна тысяча восемьдесят на одна тысяча девятьсот двадцать, зум три икс.",
    "Звоните: +7 (495) 123-45-67.": (
        "Звоните: плюс семь, четыреста девяносто пять, сто двадцать три, сорок пять, шестьдесят семь."
    ),
    "Все ели за́мок.": "Все ели за́мок.",
    "iPhone 15 Pro — телефон.": "айфон пятнадцать про, телефон.",
    "Работает 24/7.": "Работает двадцать четыре на семь.",
    "Python 3.12 & C++.": "пайтон три точка двенадцать и си плюс плюс.",
    "Цена $5,99.": "Цена пять долларов девяносто девять центов.",
    "Цена 450 ₽, а было 21 ₽.": "Цена четыреста пятьдесят рублей, а было двадцать один рубль.",
    "Билет от $5 до $10 или €15.": "Билет от пяти долларов до десяти долларов или пятнадцать евро.",
    "Более 2 млрд ₽.": "Более двух миллиардов рублей.",
    "Прибыль $1,5 млн.": "Прибыль полтора миллиона долларов.",
    "Выручка 22 тыс. ₽ за день.": "Выручка двадцать две тысячи рублей за день.",
    "Она стоит 1,02 ₽.": "Она стоит один рубль две копейки.",
    "Зарплата 100 тыс. руб./мес.": "Зарплата сто тысяч рублей в месяц.",
    "Позвоните 8 800 555-35-35.": (
        "Позвоните восемь, восемьсот, пятьсот пятьдесят пять, тридцать пять, тридцать пять."
    ),
    "Номер +7 916 000-05-22.": "Номер плюс семь, девятьсот шестнадцать, ноль ноль ноль, ноль пять, двадцать два.",
    "С 9:00 до 18:00, к 21:00.": "С девяти часов до восемнадцати часов, к двадцати одному часу.",
    "С 10:30 до 12:45.": "С десяти часов тридцати минут до двенадцати часов сорока пяти минут.",
    "Свет: 300 000 км/с.": "Свет: триста тысяч километров в секунду.",
    "Сеть 100 Мбит/с, диск 1 ГБ/с.": "Сеть сто мегабит в секунду, диск один гигабайт в секунду.",
    "II мировая война и XXII зимние игры.": "Вторая мировая война и двадцать вторые зимние игры.",
    "Век XVIII, размер XL.": "Век восемнадцатый, размер икс эль.",
    "В XX–XXI веках при Петре I.": "В двадцатом, двадцать первом веках при Петре первом.",
    "Глава IV длинная.": "Глава четвёртая длинная.",
    "Это был IV квартал.": "Это был четвёртый квартал.",
    "Кино 18+, топ-10.": "Кино восемнадцать плюс, топ десять.",
    "Google купила YouTube.": "гугл купила ютуб.",
    "NASA, SpaceX и GPT-4 в WhatsApp.": "наса, спейс икс и джи пи ти четыре в вотсап.",
    "Сайт Google.com.": "Сайт гугл точка ком.",
    "Скорость света равна 300 000 км/с.": "Скорость света равна тремстам тысячам километров в секунду.",
    "Не хватает 5 рублей до 21 доллара.": "Не хватает пяти рублей до двадцати одного доллара.",
    "В 21 веке, с 19.00 до 20:30.": "В двадцать первом веке, с девятнадцати часов до двадцати часов тридцати минут.",
    "С 01.09 по 31.12.": "С первого сентября по тридцать первого декабря.",
    "Приходите к 18.30.": "Приходите к восемнадцати часам тридцати минутам.",
    "Плитка 30×30 см.": "Плитка тридцать на тридцать сантиметров.",
    "Масса 6·10²⁴ кг.": "Масса шесть на десять в двадцать четвёртой степени килограммов.",
    "Он писал проф. Иванову и д-ру Хаусу.": "Он писал профессору Иванову и доктору Хаусу.",
    "О т. н. тёмной материи, и пр.": "О так называемой тёмной материи, и прочее.",
    "Дом на пр. Мира, д. 5, кв. 12.": "Дом на проспекте Мира, дом пять, квартира двенадцать.",
    "На о. Кипр и на р. Волге.": "На остров Кипр и на реке Волге.",
    "С пн по пт, макс. скорость.": "С понедельника по пятницу, максимальная скорость.",
    "К зам. директора ун-та.": "К заместителю директора университета.",
    "В сент. 1939 г. и 5 дек. 2021 г.": (
        "В сентябре тысяча девятьсот тридцать девятого года и пятого декабря две тысячи двадцать первого года."
    ),
    "ООН, ГИБДД и ИИ.": "оон, гэ и бэ дэ дэ и и и.",
    "Duolingo, Kickstarter, OnePlus и KPMG.": "дуолинго, кикстартер, ванплюс и кей пи эм джи.",
    "PostgreSQL на ThinkPad X1.": "постгре эс кью эл на синкпад икс один.",
    "Почта info@example.ru, сайт vk.com/club1.": (
        "Почта инфо собака эксампл точка ру, сайт вэ ка точка ком слэш клаб один."
    ),
    "Формула H₂O.": "Формула аш два о.",
    "Фильм (1999) вышел.": "Фильм (тысяча девятьсот девяносто девятый год) вышел.",
    "В нач. XX в. это знали.": "В начале двадцатого века это знали.",
    "B2B на Node.js и iOS 17.": "би ту би на нод джей эс и айоэс семнадцать.",
    "5–7 дней, 10-15 минут.": "пять, семь дней, десять, пятнадцать минут.",
    "В 1941–1945 гг. было так.": "В тысяча девятьсот сорок первом, тысяча девятьсот сорок пятом годах было так.",
}
ENGLISH = {
    "A 25% discount until 18:30.": "A twenty five percent discount until eighteen thirty.",
    "Doors open at 9:05 a.m. and close at 6 p.m.": "Doors open at nine oh five a m and close at six p m.",
    "In 2024, 1,500,000 people came.": "In twenty twenty four, one million five hundred thousand people came.",
    "It has 1200 people.": "It has one thousand two hundred people.",
    "The Moon is 384,400 km away.": "The Moon is three hundred and eighty four thousand four hundred kilometers away.",
    "It's 2x faster and costs $5.99.": "It's two times faster and costs five dollars and ninety nine cents.",
    "It cost (£1.5 million).": "It cost (one point five million pounds).",
    "Call +1 555-123-4567.": "Call plus one, five five five, one two three, four five six seven.",
    "Visit https://example.com/path now.": "Visit example dot com slash path now.",
    "On April 12, 1961, he flew.": "On April twelfth nineteen sixty one, he flew.",
    "Born on 3 January 1892.": "Born on the third of January eighteen ninety two.",
    "The years 1939–1945, 3–5 kg.": "The years nineteen thirty nine to nineteen forty five, three to five kilograms.",
    "The 21st century, the 1990s, the '80s.": "The twenty first century, the nineteen nineties, the eighties.",
    "World War II and Louis XIV.": "World War two and Louis the fourteenth.",
    "COVID-19, 4K, H100.": "COVID nineteen, four K, H one hundred.",
    "1/2 of it, 24/7, 16:9, 3.14.": "one half of it, twenty four seven, sixteen to nine, three point one four.",
    "Mr. Smith vs. Dr. Jones, e.g. here.": "mister Smith versus doctor Jones, for example here.",
    "Version 3.12.4 — the best.": "Version three point twelve point four, the best.",
    "In 1066 and 476 AD, a 5-year-old king.": (
        "In ten sixty six and four hundred and seventy six A D, a five-year-old king."
    ),
    "Paid on 12/25/2023, not 9/11.": "Paid on December twenty fifth twenty twenty three, not nine eleven.",
    "World War I and II, Rocky IV, Henry VIII.": "World War one and two, Rocky four, Henry the eighth.",
    "St. Paul on Main St. in the U.S. Navy.": "saint Paul on Main street in the U S Navy.",
    "R&B, 20 USD, 6'2\" and 10^6.": "R and B, twenty dollars, six feet two and ten to the sixth.",
    "Martin Luther King Jr. read vol. 3, p. 45.": "Martin Luther King junior read volume three, page forty five.",
    "Room 007.": "Room zero zero seven.",
    "It was −15 °C.": "It was minus fifteen degrees Celsius.",
}
SPLITS = {
    "ru": [
        ["Было мало, т.е. почти никого.", "А потом пришли все."],
        ["Книги, ручки и т. д.", "А мы ушли."],
        ["Его звали А. С. Пушкин.", "Он писал."],
        ["— Ты где? — спросил он.", "— Тут!"],
        ["«Пора!» — сказала она и вышла.", "Все молчали…"],
        ["Скорость 90 км/ч.", "Это быстро."],
        ["5 кг муки; 3 м ткани.", "Всё."],
        ["И т. д. и т. п.", "Всё ясно."],
        ["Инж. Шухов строил с сент. 1896 г.", "Потом умер."],
    ],
    "en": [
        ["Dr. Smith met J. R. Jones at 3.30 p.m. in the U.S. Navy yard.", "He left."],
        ["“Where are you?” he said.", "“Here!”", "Then silence…"],
        ["It grew by 2.5 percent, e.g. in May.", "No. 5 did not."],
        ["He said no.", "They left."],
        ["Sen. Warren left Ft. Worth.", "Gov. Brown stayed."],
    ],
}


def check(sentence: Sentence) -> None:
    """The tie: every shown piece and every spoken word has its place, and nothing is left in figures."""
    assert " ".join(token.text for token in sentence.tokens) == sentence.text
    assert len(sentence.spoken.split()) == sum(len(token.spoken) for token in sentence.tokens)
    assert not any(char.isdigit() for char in sentence.spoken)


@pytest.mark.parametrize(("language", "shown", "spoken"), [
    *(("ru", *line) for line in RUSSIAN.items()), *(("en", *line) for line in ENGLISH.items()),
])  # fmt: skip
def test_hard_lines(language: str, shown: str, spoken: str) -> None:
    """Numbers, dates, times, money, units and abbreviations are read as a person would read them."""
    (sentence,) = prepare(shown, language, {})
    assert (sentence.text, sentence.spoken) == (shown, spoken)
    check(sentence)


@pytest.mark.parametrize(("language", "sentences"), [(lang, case) for lang, cases in SPLITS.items() for case in cases])
def test_sentences(language: str, sentences: list[str]) -> None:
    """Abbreviations, initials, quotes and direct speech do not end a sentence."""
    assert [sentence.text for sentence in prepare("  ".join(sentences), language, {})] == sentences


def test_a_shown_piece_owns_its_words() -> None:
    """What is written short is tied to all the words it is spoken with, and a dash to none."""
    (sentence,) = prepare("Скидка 25 % — это 3–21 тысяча, т.е. много.", "ru", {})
    assert [(token.text, token.spoken) for token in sentence.tokens] == [
        ("Скидка", ("Скидка",)),
        ("25 %", ("двадцать", "пять", "процентов")),
        ("—", ()),
        ("это", ("это",)),
        ("3–21", ("три", "двадцать", "одна")),
        ("тысяча,", ("тысяча",)),
        ("т.е.", ("то", "есть")),
        ("много.", ("много",)),
    ]


@pytest.mark.parametrize(("language", "text", "lexicon", "spoken"), [
    ("ru", "Замок NASA и замок на горе.", {"NASA": "на́са", "замок": "за́мок"}, "за́мок на́са и за́мок на горе."),
    ("en", "A GIF of nginx.", {"GIF": "jif", "nginx": "engine x"}, "A jif of engine x."),
])  # fmt: skip
def test_the_author_says_how(language: str, text: str, lexicon: dict[str, str], spoken: str) -> None:
    """A lexicon entry wins over every rule, for whole words, in any capitalisation of a lower-case key."""
    (sentence,) = prepare(text, language, lexicon)
    assert (sentence.text, sentence.spoken) == (text, spoken)
    check(sentence)


@pytest.mark.parametrize(("language", "shown", "spoken"), [
    ("de", "Im Jahr 1990 waren es 25 % von 1.500,5 km.",
     "Im Jahr neunzehnhundertneunzig waren es fünfundzwanzig% von eintausendfünfhundert Komma fünf km."),
    ("fr", "Il a 21 ans et -5 °C.", "Il a vingt et un ans et -cinq°C."),
    ("pt-BR", "São 3 gatos e $3, 1/2.", "São três gatos e $3, 1/2."),
    ("zh", "月球距地球384400公里。", "月球距地球384400公里。"),
])  # fmt: skip
def test_other_languages_have_their_own_numbers(language: str, shown: str, spoken: str) -> None:
    """Whole and decimal numbers are words of the language itself; what no rule knows stays as it is for the voice."""
    (sentence,) = prepare(shown, language, {})
    assert (sentence.text, sentence.spoken) == (shown, spoken)


def test_an_empty_line_ends_a_sentence() -> None:
    """Paragraphs are never read as one sentence, and a mark alone is no sentence."""
    assert [sentence.text for sentence in prepare("A title\n\nthe text … \n goes on", "en", {})] == [
        "A title",
        "the text … goes on",
    ]
    assert prepare(" … — ", "ru", {}) == []


PIECES = [
    *(
        "Это",
        "2024",
        "г.",
        "25",
        "%",
        "—",
        "(т.е.",
        "18:30",
        "NASA",
        "1",
        "500",
        "№",
        "5x",
        "а",
        "$3.5",
        "кг",
        "и",
        "…",
    ),
    *("3/4", "iPhone", "-", "00", "A320.", "Mr.", "III", "7–8", "+7", "6pm", "конец."),
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9), st.sampled_from(["ru", "en"]))
def test_any_text_keeps_the_tie(pieces: list[str], language: str) -> None:
    """Whatever is written, nothing shown is lost, no digit reaches the voice, and every word belongs to a piece."""
    text = " ".join(pieces)
    sentences = prepare(text, language, {})
    for sentence in sentences:
        check(sentence)
    if sentences:
        assert " ".join(sentence.text for sentence in sentences) == text


@pytest.mark.parametrize(("text", "language", "shown", "spoken"), [
    ("[дверь скрипит] Кто там?", "ru", ["[дверь скрипит] Кто там?"], ["Кто там?"]),
    ("Hi. [knock] Who is it? [thunder]", "en", ["Hi.", "[knock] Who is it? [thunder]"], ["Hi.", "Who is it?"]),
    ("В году [смех], и точка.", "ru", ["В году [смех], и точка."], ["В году, и точка."]),
    ("[шум. моря]", "ru", ["[шум. моря]"], [""]),
    ("Я 🌙 и 👍🏽!", "ru", ["Я 🌙 и 👍🏽!"], ["Я и!"]),
])  # fmt: skip
def test_sounds_and_pictographs_are_not_spoken(text: str, language: str, shown: list[str], spoken: list[str]) -> None:
    """What stands in brackets, and emoji, are shown where they are written and given to no voice."""
    sentences = prepare(text, language, {})
    assert [sentence.text for sentence in sentences] == shown
    assert [sentence.spoken for sentence in sentences] == spoken
    for sentence in sentences:
        check(sentence)
        assert all(not token.spoken for token in sentence.tokens if token.text.startswith("["))
