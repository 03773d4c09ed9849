import numpy as np
import numpy.typing as npt

class ChunkConfig:
    def __init__(self, compression_level: int = ...) -> None: ...

class Progress:
    @property
    def n_processed(self) -> int: ...
    @property
    def finished(self) -> bool: ...

class standalone:
    @staticmethod
    def simple_compress(src: npt.NDArray[np.int64] | npt.NDArray[np.float64], config: ChunkConfig) -> bytes: ...
    @staticmethod
    def simple_decompress_into(src: bytes, dst: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> Progress: ...
