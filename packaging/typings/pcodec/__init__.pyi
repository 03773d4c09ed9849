import numpy as np
import numpy.typing as npt

class ChunkConfig:
    def __init__(self, compression_level: int = ...) -> None: ...

class Progress:
    @property
    def n_processed(self) -> int: ...
    @property
    def finished(self) -> bool: ...

Column = npt.NDArray[np.int32 | np.int64 | np.float64]

class standalone:
    @staticmethod
    def simple_compress(src: Column, config: ChunkConfig) -> bytes: ...
    @staticmethod
    def simple_decompress_into(src: bytes, dst: Column) -> Progress: ...
