"""How Russians say names written in Latin letters: as they are said, not as an English reader would spell them.

A lexicon of the author's wins over these. Spelling counts: `Apple` is a company, `apple` is a word; an address is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BRANDS: Mapping[str, str] = {
    "Acer": "эйсер", "Adidas": "адидас", "Adobe": "эдоби", "Aeroflot": "аэрофлот", "AI": "эй ай", "Airbnb": "эйрбиэнби",
    "Airbus": "эйрбас", "Alibaba": "алибаба", "AliExpress": "алиэкспресс", "Alphabet": "альфабет", "Amazon": "амазон",
    "AMD": "а эм дэ", "Android": "андроид", "Anthropic": "антропик", "Apple": "эпл", "ASUS": "асус", "Asus": "асус",
    "Audi": "ауди", "Avito": "авито", "Barbie": "барби", "BBC": "би би си", "Beatles": "битлз", "Bentley": "бентли",
    "Beyoncé": "бейонсе", "Bing": "бинг", "Bitcoin": "биткоин", "Blender": "блендер", "Bluetooth": "блютус",
    "BMW": "бэ эм вэ", "Boeing": "боинг", "Booking": "букинг", "Bosch": "бош", "Bugatti": "бугатти",
    "Burger King": "бургер кинг", "C#": "си шарп", "C++": "си плюс плюс", "Canon": "кэнон", "Canva": "канва",
    "CD": "си ди", "CEO": "си и о", "Chanel": "шанель", "ChatGPT": "чат джи пи ти", "Chevrolet": "шевроле",
    "Chrome": "хром", "Cisco": "сиско", "Citroën": "ситроен", "Claude": "клод", "CNN": "си эн эн", "CO2": "цэ о два",
    "Coca-Cola": "кока-кола", "Copilot": "копайлот", "Dell": "делл", "DHL": "ди эйч эл", "Dior": "диор",
    "Disney": "дисней", "Disneyland": "диснейленд", "DJ": "диджей", "Docker": "докер", "DVD": "ди ви ди", "EA": "и эй",
    "eBay": "ибэй", "Ethereum": "эфириум", "Excel": "эксель", "Facebook": "фейсбук", "Falcon": "фалкон",
    "FedEx": "федэкс", "Ferrari": "феррари", "Fiat": "фиат", "FIFA": "фифа", "Figma": "фигма", "Ford": "форд",
    "Gemini": "джемини", "GIF": "гиф", "GitHub": "гитхаб", "Gmail": "джимейл", "Google": "гугл", "GPS": "джи пи эс",
    "GPT": "джи пи ти", "GTA": "джи ти эй", "Gucci": "гуччи", "H2O": "аш два о", "HBO": "эйч би о",
    "Heineken": "хайнекен", "Hennessy": "хеннесси", "Hermès": "эрмес", "Hilton": "хилтон", "Hollywood": "голливуд",
    "Honda": "хонда", "HP": "эйч пи", "HR": "эйч ар", "HTC": "эйч ти си", "Huawei": "хуавэй", "Hyundai": "хёндэ",
    "IBM": "ай би эм", "ID": "айди", "IKEA": "икеа", "Ikea": "икеа", "Instagram": "инстаграм", "Intel": "интел",
    "iOS": "ай о эс", "iPad": "айпад", "iPhone": "айфон", "IT": "ай ти", "Jaguar": "ягуар", "Java": "джава",
    "JavaScript": "джаваскрипт", "Jeep": "джип", "JPEG": "джипег", "JSON": "джейсон", "KFC": "кей эф си", "Kia": "киа",
    "L'Oréal": "лореаль", "Lada": "лада", "Lamborghini": "ламборгини", "LEGO": "лего", "Lego": "лего",
    "Lenovo": "леново", "Lexus": "лексус", "LG": "эл джи", "LinkedIn": "линкедин", "Linux": "линукс",
    "Louis Vuitton": "луи виттон", "Lufthansa": "люфтганза", "Mac": "мак", "MacBook": "макбук", "macOS": "мак о эс",
    "Marriott": "марриотт", "Marvel": "марвел", "Mazda": "мазда", "McDonald's": "макдоналдс", "Mercedes": "мерседес",
    "Meta": "мета", "Metallica": "металлика", "Microsoft": "майкрософт", "Midjourney": "миджорни", "MIT": "эм ай ти",
    "Mitsubishi": "мицубиси", "MSI": "эм эс ай", "MTV": "эм ти ви", "NASA": "наса", "NATO": "нато",
    "Nespresso": "неспрессо", "Nestlé": "нестле", "Netflix": "нетфликс", "Nike": "найк", "Nintendo": "нинтендо",
    "Nissan": "ниссан", "Nokia": "нокиа", "Notion": "ноушен", "Nutella": "нутелла", "NVIDIA": "энвидиа",
    "Nvidia": "энвидиа", "Nvme": "эн ви эм и", "OK": "окей", "Ok": "окей", "OpenAI": "опен эй ай", "Oracle": "оракл",
    "Ozempic": "оземпик", "Ozon": "озон", "Panasonic": "панасоник", "PayPal": "пэйпал", "PDF": "пэ дэ эф",
    "Pepsi": "пепси", "Peugeot": "пежо", "Philips": "филипс", "Photoshop": "фотошоп", "PIN": "пин",
    "Pinterest": "пинтерест", "Pixar": "пиксар", "Pixel": "пиксель", "PlayStation": "плейстейшен", "Porsche": "порше",
    "PowerPoint": "пауэрпойнт", "PR": "пиар", "Prada": "прада", "Pro": "про", "Puma": "пума", "Python": "пайтон",
    "Qualcomm": "квалком", "Reddit": "реддит", "Reels": "рилс", "Renault": "рено", "Rolex": "ролекс",
    "Rolls-Royce": "роллс-ройс", "Rust": "раст", "Samsung": "самсунг", "SAP": "сап", "Shorts": "шортс",
    "Siemens": "сименс", "SIM": "сим", "Siri": "сири", "Skype": "скайп", "SMS": "эс эм эс", "Sony": "сони",
    "SOS": "сос", "SpaceX": "спейс икс", "Spotify": "спотифай", "SQL": "эс кью эл", "Starbucks": "старбакс",
    "Starlink": "старлинк", "Steam": "стим", "Subaru": "субару", "Suzuki": "судзуки", "Swatch": "свотч",
    "T-shirt": "тишёрт", "TED": "тед", "Telegram": "телеграм", "Tesla": "тесла", "TikTok": "тикток", "Toyota": "тойота",
    "TV": "ти ви", "Twitch": "твич", "Twitter": "твиттер", "Uber": "убер", "Ubuntu": "убунту", "UI": "ю ай",
    "UNESCO": "юнеско", "UNICEF": "юнисеф", "Uniqlo": "юникло", "USB": "ю эс би", "UX": "ю икс", "Valve": "вэлв",
    "Versace": "версаче", "Viber": "вайбер", "VIP": "вип", "Visa": "виза", "VK": "вэ ка", "Volkswagen": "фольксваген",
    "Volvo": "вольво", "VPN": "ви пи эн", "VR": "ви ар", "WhatsApp": "вотсап", "Wi-Fi": "вай-фай",
    "Wikipedia": "википедия", "Wildberries": "вайлдберриз", "Windows": "виндоус", "Word": "ворд", "Xbox": "иксбокс",
    "Xerox": "ксерокс", "Xiaomi": "сяоми", "Yahoo": "яху", "Yandex": "яндекс", "YouTube": "ютуб", "Zara": "зара",
    "Zoom": "зум", "Škoda": "шкода",
}  # fmt: skip
WORDS: Mapping[str, str] = {
    "action": "экшн", "air": "эйр", "airlines": "эйрлайнс", "and": "энд", "angry": "энгри", "app": "апп",
    "apps": "аппс", "armour": "армор", "art": "арт", "at": "эт", "atlantic": "атлантик", "audio": "аудио",
    "baby": "бэйби", "back": "бэк", "bad": "бэд", "band": "бэнд", "bank": "банк", "base": "бейс", "bat": "бэт",
    "battle": "бэттл", "be": "би", "beauty": "бьюти", "better": "беттер", "big": "биг", "bike": "байк", "bill": "билл",
    "bird": "бёрд", "birds": "бёрдс", "black": "блэк", "blue": "блю", "book": "бук", "books": "букс", "boot": "бут",
    "box": "бокс", "boy": "бой", "boys": "бойз", "brain": "брейн", "brand": "брэнд", "bread": "бред",
    "breaking": "брейкинг", "bridge": "бридж", "bright": "брайт", "bros": "брос", "brothers": "бразерс",
    "bucks": "бакс", "buds": "бадс", "bull": "булл", "burger": "бургер", "by": "бай", "cafe": "кафе", "call": "колл",
    "cambridge": "кембридж", "car": "кар", "card": "кард", "care": "кэр", "cars": "карс", "cash": "кэш", "cat": "кэт",
    "chain": "чейн", "charles": "чарльз", "chat": "чат", "city": "сити", "clash": "клэш", "cloud": "клауд",
    "club": "клаб", "code": "код", "coffee": "кофе", "cola": "кола", "community": "комьюнити", "company": "компани",
    "computer": "компьютер", "core": "кор", "corp": "корп", "counter": "каунтер", "craft": "крафт", "crunch": "кранч",
    "cyber": "кибер", "dark": "дарк", "data": "дата", "day": "дей", "dead": "дед", "design": "дизайн", "dish": "диш",
    "dog": "дог", "dream": "дрим", "drive": "драйв", "duty": "дьюти", "earth": "ёрс", "east": "ист", "easy": "изи",
    "edge": "эдж", "electric": "электрик", "elon": "илон", "end": "энд", "engine": "энджин", "face": "фейс",
    "fans": "фанс", "fashion": "фэшн", "fast": "фаст", "field": "филд", "fire": "файер", "first": "фёрст",
    "flow": "флоу", "fly": "флай", "food": "фуд", "for": "фор", "force": "форс", "fortune": "форчун", "free": "фри",
    "friend": "френд", "friends": "френдс", "from": "фром", "full": "фул", "funk": "фанк", "fusion": "фьюжн",
    "future": "фьючер", "galactic": "галактик", "game": "гейм", "games": "геймс", "gear": "гир", "general": "дженерал",
    "george": "джордж", "get": "гет", "gift": "гифт", "girl": "гёрл", "girls": "гёрлз", "go": "гоу", "gold": "голд",
    "green": "грин", "group": "груп", "gym": "джим", "hand": "хэнд", "harry": "гарри", "hash": "хэш", "he": "хи",
    "head": "хед", "health": "хелс", "heart": "харт", "here": "хир", "home": "хоум", "honey": "хани", "hot": "хот",
    "house": "хаус", "hub": "хаб", "hugo": "хьюго", "human": "хьюман", "hyper": "хайпер", "in": "ин", "inc": "инк",
    "inter": "интер", "iphone": "айфон", "iron": "айрон", "is": "из", "it": "ит", "james": "джеймс", "jazz": "джаз",
    "jeff": "джефф", "jet": "джет", "jobs": "джобс", "john": "джон", "journey": "джорни", "judge": "джадж",
    "jump": "джамп", "key": "кей", "keys": "кис", "king": "кинг", "kit": "кит", "lab": "лаб", "labs": "лабс",
    "land": "лэнд", "last": "ласт", "life": "лайф", "light": "лайт", "line": "лайн", "lines": "лайнс", "lite": "лайт",
    "live": "лайв", "look": "лук", "lord": "лорд", "love": "лав", "ltd": "лимитед", "mail": "мейл", "main": "мейн",
    "man": "мэн", "market": "маркет", "mart": "март", "max": "макс", "me": "ми", "mega": "мега", "michael": "майкл",
    "micro": "майкро", "mind": "майнд", "mine": "майн", "mini": "мини", "mobile": "мобайл", "money": "мани",
    "moon": "мун", "morty": "морти", "motion": "моушн", "motor": "мотор", "motors": "моторс", "mountain": "маунтин",
    "music": "мьюзик", "musk": "маск", "my": "май", "nation": "нейшн", "net": "нет", "new": "нью", "news": "ньюс",
    "next": "некст", "night": "найт", "no": "ноу", "north": "норс", "note": "ноут", "notes": "ноутс", "ocean": "оушен",
    "of": "оф", "office": "офис", "on": "он", "one": "ван", "only": "онли", "open": "опен", "out": "аут",
    "oxford": "оксфорд", "pad": "пад", "pass": "пасс", "pay": "пей", "phone": "фон", "photo": "фото", "pizza": "пицца",
    "place": "плейс", "play": "плей", "plus": "плюс", "pod": "под", "point": "пойнт", "potter": "поттер",
    "power": "пауэр", "press": "пресс", "price": "прайс", "prime": "прайм", "pro": "про", "pull": "пул", "punk": "панк",
    "py": "пай", "torch": "торч",
    "pure": "пьюр", "push": "пуш", "put": "пут", "queen": "квин", "radio": "радио", "rain": "рейн", "ready": "реди",
    "red": "ред", "rick": "рик", "ride": "райд", "right": "райт", "ring": "ринг", "rings": "рингс", "road": "роуд",
    "rock": "рок", "rover": "ровер", "royale": "рояль", "run": "ран", "rush": "раш", "safe": "сейф", "sales": "сейлс",
    "salesforce": "сейлсфорс", "script": "скрипт", "service": "сервис", "share": "шэр", "shark": "шарк", "she": "ши",
    "shop": "шоп", "shopify": "шопифай", "show": "шоу", "site": "сайт", "sky": "скай", "smart": "смарт", "snap": "снэп",
    "snow": "сноу", "so": "соу", "soft": "софт", "sound": "саунд", "south": "саус", "space": "спейс",
    "spider": "спайдер", "spring": "спринг", "square": "сквер", "squid": "сквид", "stack": "стэк", "stand": "стэнд",
    "star": "стар", "stars": "старс", "station": "стейшн", "steady": "стеди", "steve": "стив", "store": "стор",
    "stranger": "стрейнджер", "stream": "стрим", "street": "стрит", "strike": "страйк", "studio": "студио",
    "style": "стайл", "stylus": "стилус", "sun": "сан", "super": "супер", "sure": "шур", "swift": "свифт",
    "table": "тейбл", "tag": "тэг", "target": "таргет", "taylor": "тейлор", "team": "тим", "tech": "тех", "that": "зэт",
    "the": "зэ", "things": "сингс", "think": "синк", "this": "зис", "thrones": "тронс", "time": "тайм", "to": "ту",
    "tower": "тауэр", "track": "трек", "train": "трейн", "try": "трай", "turkish": "тёркиш", "two": "ту",
    "type": "тайп", "uber": "убер", "ultra": "ультра", "under": "андер", "unity": "юнити", "universe": "юниверс",
    "unreal": "анриал", "user": "юзер", "video": "видео", "view": "вью", "virgin": "вирджин", "vision": "вижн",
    "walking": "волкинг", "wall": "волл", "walmart": "волмарт", "war": "вор", "ware": "вэр", "wars": "ворс",
    "watch": "вотч", "water": "вотер", "wave": "вейв", "way": "вэй", "we": "ви", "wear": "вир", "web": "веб",
    "west": "вест", "what": "вот", "whats": "вотс", "where": "вэр", "white": "уайт", "wild": "вайлд", "wind": "винд",
    "windows": "виндоус", "with": "виз", "word": "ворд", "work": "ворк", "works": "воркс", "world": "ворлд", "you": "ю",
    "your": "ёр",
}  # fmt: skip
"""English words that names are made of (`OnePlus`, `Minecraft`), where their sound is not that of their letters."""
_ANY = re.compile(
    r"(?<![\w.@/-])(?:"
    + "|".join(re.escape(name) for name in sorted(BRANDS, key=len, reverse=True))
    + r")(?![\w@/]|\.\w)"
)


def named(text: str) -> str:
    """The text with these names as they are said."""
    return _ANY.sub(lambda match: BRANDS[match.group()], text)
