"""Order-preserving alignment of two rows of things (bars, systems): what is lost or added must not shift the rest."""

from __future__ import annotations

from collections.abc import Sequence


def align(similarity: Sequence[Sequence[float]], width: int) -> tuple[tuple[int, int], ...]:
    """Pairs (row, column), both rising, of the largest summed similarity; `width` columns, similarities at least 0.

    Of equally good ways the one that leaves a row out, then one that leaves a column out, is taken walking back from
    the end, as the reference scorer does.
    """
    height = len(similarity)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in range(1, height + 1):
        for j in range(1, width + 1):
            best[i][j] = max(best[i - 1][j], best[i][j - 1], best[i - 1][j - 1] + similarity[i - 1][j - 1])
    pairs = []
    i, j = height, width
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return tuple(reversed(pairs))
