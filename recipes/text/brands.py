"""How Russians say names written in Latin letters: as they are said, not as an English reader would spell them.

A lexicon of the author's wins over these. Spelling counts: `Apple` is a company, `apple` is a word; an address is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BRANDS: Mapping[str, str] = {
    "Adobe": "эдоби", "AI": "эй ай", "Airbnb": "эйрбиэнби", "AliExpress": "алиэкспресс", "Amazon": "амазон",
    "AMD": "а эм дэ", "Android": "андроид", "Anthropic": "антропик", "Apple": "эпл", "Audi": "ауди",
    "Bitcoin": "биткоин", "Blender": "блендер", "Bluetooth": "блютус", "BMW": "бэ эм вэ", "Boeing": "боинг",
    "Booking": "букинг", "CEO": "си и о", "ChatGPT": "чат джи пи ти", "Chrome": "хром", "Claude": "клод",
    "Coca-Cola": "кока-кола", "Disney": "дисней", "Docker": "докер", "eBay": "ибэй", "Ethereum": "эфириум",
    "Excel": "эксель", "Facebook": "фейсбук", "Falcon": "фалкон", "Ferrari": "феррари", "Figma": "фигма",
    "Ford": "форд", "Gemini": "джемини", "GitHub": "гитхаб", "Gmail": "джимейл", "Google": "гугл",
    "GPS": "джи пи эс", "GPT": "джи пи ти", "Honda": "хонда", "Huawei": "хуавэй", "IBM": "ай би эм",
    "IKEA": "икеа", "Instagram": "инстаграм", "Intel": "интел", "iOS": "ай о эс", "iPad": "айпад",
    "iPhone": "айфон", "IT": "ай ти", "Java": "джава", "JavaScript": "джаваскрипт", "Lego": "лего", "LEGO": "лего",
    "LinkedIn": "линкедин", "Linux": "линукс", "Mac": "мак", "MacBook": "макбук", "macOS": "мак о эс",
    "McDonald's": "макдоналдс", "Mercedes": "мерседес", "Meta": "мета", "Microsoft": "майкрософт",
    "Midjourney": "миджорни", "NASA": "наса", "Netflix": "нетфликс", "Nike": "найк", "Nintendo": "нинтендо",
    "Nokia": "нокиа", "Notion": "ноушен", "Nvidia": "энвидиа", "NVIDIA": "энвидиа", "Ozon": "озон",
    "PayPal": "пэйпал", "Photoshop": "фотошоп", "PlayStation": "плейстейшен", "PowerPoint": "пауэрпойнт",
    "Pro": "про", "Python": "пайтон", "Reddit": "реддит", "Reels": "рилс", "Samsung": "самсунг", "Shorts": "шортс",
    "Siri": "сири", "Skype": "скайп", "Sony": "сони", "SpaceX": "спейс икс", "Spotify": "спотифай",
    "Starlink": "старлинк", "Steam": "стим", "Telegram": "телеграм", "Tesla": "тесла", "TikTok": "тикток",
    "Toyota": "тойота", "Twitch": "твич", "Twitter": "твиттер", "Uber": "убер", "Ubuntu": "убунту", "USB": "ю эс би",
    "Visa": "виза", "VPN": "ви пи эн", "WhatsApp": "вотсап", "Wi-Fi": "вайфай", "Wikipedia": "википедия",
    "Windows": "виндоус", "Word": "ворд", "Xbox": "иксбокс", "Xiaomi": "сяоми", "Yandex": "яндекс",
    "YouTube": "ютуб", "Zoom": "зум",
}  # fmt: skip
_ANY = re.compile(
    r"(?<![\w.@/-])(?:"
    + "|".join(re.escape(name) for name in sorted(BRANDS, key=len, reverse=True))
    + r")(?![\w@/]|\.\w)"
)


def named(text: str) -> str:
    """The text with these names as they are said."""
    return _ANY.sub(lambda match: BRANDS[match.group()], text)
