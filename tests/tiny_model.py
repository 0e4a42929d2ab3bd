"""A language model of random weights, a few hundred kilobytes, written as a GGUF file.

``python -m tests.tiny_model DIRECTORY`` writes one, serves it with llama.cpp, prints the address
and ends with its standard input. A process of its own: native code may take its process with it.

Source of the format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import struct
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import mul
from pathlib import Path
from random import Random

CONTEXT = 16_384
_WIDTH, _HIDDEN, _HEADS = 64, 128, 2
_ALIGNMENT = 32
_UINT32, _INT32, _FLOAT32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6
_TOKENS = ("<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)))
_KINDS = (_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256)
_TEMPLATE = "{% for message in messages %}{{ message['content'] }}\n{% endfor %}"


def write_model(path: Path, seed: int = 1) -> None:
    """Write a llama of one layer that reads and writes single bytes; equal seeds, equal files."""
    meta, tensors = _metadata(), _tensors(Random(seed))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(meta))
    head += b"".join(_string(key) + value for key, value in meta.items())
    data = b""
    for name, (shape, weights) in tensors.items():
        head += _string(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        head += struct.pack("<IQ", 0, len(data))
        data += _padded(struct.pack(f"<{len(weights)}f", *weights))
    path.write_bytes(_padded(head) + data)


def _metadata() -> Mapping[str, bytes]:
    return {
        "general.architecture": _text("llama"),
        "llama.context_length": _number(CONTEXT),
        "llama.embedding_length": _number(_WIDTH),
        "llama.block_count": _number(1),
        "llama.feed_forward_length": _number(_HIDDEN),
        "llama.attention.head_count": _number(_HEADS),
        "llama.attention.layer_norm_rms_epsilon": struct.pack("<If", _FLOAT32, 1e-5),
        "llama.rope.dimension_count": _number(_WIDTH // _HEADS),
        "llama.vocab_size": _number(len(_TOKENS)),
        "tokenizer.ggml.model": _text("llama"),
        "tokenizer.ggml.tokens": _list(_STRING, map(_string, _TOKENS)),
        "tokenizer.ggml.scores": _list(_FLOAT32, (struct.pack("<f", 0.0) for _ in _TOKENS)),
        "tokenizer.ggml.token_type": _list(_INT32, (struct.pack("<i", k) for k in _KINDS)),
        "tokenizer.ggml.unknown_token_id": _number(0),
        "tokenizer.ggml.bos_token_id": _number(1),
        "tokenizer.ggml.eos_token_id": _number(2),
        "tokenizer.ggml.add_space_prefix": struct.pack("<I?", _BOOL, False),
        "tokenizer.chat_template": _text(_TEMPLATE),
    }


def _tensors(chance: Random) -> Mapping[str, tuple[Sequence[int], Sequence[float]]]:
    """Name each tensor's shape, innermost dimension first, and its weights."""
    square, wide = (_WIDTH, _WIDTH), (_WIDTH, _HIDDEN)
    shapes = {
        "token_embd.weight": (_WIDTH, len(_TOKENS)),
        "output.weight": (_WIDTH, len(_TOKENS)),
        **{f"blk.0.attn_{part}.weight": square for part in ("q", "k", "v", "output")},
        "blk.0.ffn_gate.weight": wide,
        "blk.0.ffn_up.weight": wide,
        "blk.0.ffn_down.weight": wide[::-1],
    }
    norms = ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm")
    return {
        **{f"{name}.weight": ((_WIDTH,), [1.0] * _WIDTH) for name in norms},
        **{
            n: (s, [chance.gauss(0, 0.1) for _ in range(reduce(mul, s))]) for n, s in shapes.items()
        },
    }


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _text(text: str) -> bytes:
    return struct.pack("<I", _STRING) + _string(text)


def _number(value: int) -> bytes:
    return struct.pack("<II", _UINT32, value)


def _list(kind: int, items: Iterable[bytes]) -> bytes:
    listed = list(items)
    return struct.pack("<IIQ", _ARRAY, kind, len(listed)) + b"".join(listed)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % _ALIGNMENT)


def _serve(path: Path) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.warmup = False
    params.offline = True
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    file = Path(sys.argv[1]) / "tiny.gguf"
    write_model(file)
    _serve(file)
