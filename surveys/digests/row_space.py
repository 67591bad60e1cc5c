"""What is told of people, as the row space of a matrix over atoms: row after row is told if it tells no few people apart."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from surveys.digests.joint import CLOSE
from surveys.digests.snapshot import Flags, Floats, Ints

# People whom sums tell apart have no part in a random vector once what is told is taken off it.
MARKS: Final = 2


class Told:
    """What is told so far: an orthonormal basis of its row space, and what it leaves of random vectors."""

    def __init__(self, given: Flags, targets: Flags, sums: Sequence[Ints]) -> None:
        """`given` is told in any case; nothing is told that would tell `targets`, or `sums` of atoms by how many they are."""
        atoms = given.shape[1]
        _left, sizes, basis = np.linalg.svd(given.astype(np.float64), full_matrices=False)
        self.rank = int((sizes > CLOSE).sum())
        self.basis = np.zeros((atoms, atoms))
        self.basis[: self.rank] = basis[: self.rank]
        self.left: Floats = np.random.default_rng(0).uniform(0.5, 1.5, (MARKS, atoms))
        self.left -= self.left @ basis[: self.rank].T @ basis[: self.rank]
        # What follows from what is given cannot be kept.
        kept = ~_nothing(targets.astype(np.float64) @ self.left.T)
        self.lost, self.targets = targets[~kept], targets[kept].astype(np.float64)
        self.sums = tuple(each[~_nothing(self.left.T[each].sum(1))] for each in sums)

    def _new(self, mask: Flags) -> Floats | None:
        """What a row adds, None where it follows from what is told."""
        row, basis = mask.astype(np.float64), self.basis[: self.rank]
        for _again in range(2):
            row -= (basis @ row) @ basis
        size = float(np.linalg.norm(row))
        return row / size if size > CLOSE else None

    def is_told(self, mask: Flags) -> bool:
        """Whether it follows from what is told."""
        return self._new(mask) is None

    def add(self, mask: Flags) -> None:
        """Tell it."""
        new = self._new(mask)
        if new is not None:
            self._keep(new)

    def tell(self, masks: Sequence[Flags]) -> bool:
        """Tell these if nobody is told apart by them; whether they are told."""
        rank, before = self.rank, self.left
        for mask in masks:
            self.add(mask)
        if self.rank == rank or not self._tells():
            return True
        self.rank, self.left = rank, before
        return False

    def _tells(self) -> bool:
        one, other = self.left
        for each in self.sums:
            found = each[np.abs(one[each].sum(1)) < CLOSE]
            if len(found) and (np.abs(other[found].sum(1)) < CLOSE).any():
                return True
        return bool(_nothing(self.targets @ self.left.T).any())

    def _keep(self, new: Floats) -> None:
        self.left = self.left - (self.left @ new)[:, None] * new
        self.basis[self.rank] = new
        self.rank += 1


def _nothing(marks: Floats) -> Flags:
    """Of which sets of people nothing is left."""
    found: Flags = np.abs(marks).max(1, initial=0.0) < CLOSE
    return found
