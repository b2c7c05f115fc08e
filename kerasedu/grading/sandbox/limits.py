"""How much a learner's code may take."""

from __future__ import annotations

from dataclasses import dataclass, replace

MB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits on one submission; sizes in bytes, times in seconds.

    Arguments:
        cell_seconds: for running one answer cell.
        function_seconds: for all calls of one function together.
        submission_seconds: for the whole submission; what is left of it counts as timed out.
        cpu_seconds: processor time of one process.
        memory: of all processes together; watched from outside.
        address_space: of one process; enforced by the kernel.
        scratch: size of the only folder that can be written to.
        file_size, files, processes: of one file, open at once, running at once.
    """

    cell_seconds: float = 10.0
    function_seconds: float = 4.0
    submission_seconds: float = 60.0
    cpu_seconds: int = 60
    memory: int = 1024 * MB
    address_space: int = 2048 * MB
    scratch: int = 64 * MB
    file_size: int = 16 * MB
    files: int = 64
    processes: int = 32

    def for_keras(self) -> Limits:
        """Limits for answers that use Keras: TensorFlow takes seconds to import, and many threads."""
        return replace(
            self,
            cell_seconds=self.cell_seconds + 60,
            function_seconds=self.function_seconds + 30,
            submission_seconds=self.submission_seconds + 180,
            cpu_seconds=self.cpu_seconds + 240,
            memory=self.memory + 2048 * MB,
            address_space=self.address_space + 16384 * MB,
            files=self.files + 192,
            processes=self.processes + 480,
        )
