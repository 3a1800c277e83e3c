"""How a run changes over its time: learning rate and size of the pieces, by the share of the time that has passed."""

from __future__ import annotations

import math

from training.recipe import DetectorRecipe, Phase


def progress(recipe: DetectorRecipe, seconds: float) -> float:
    """Share of the run's time that has passed."""
    return seconds / (recipe.minutes * 60)


def rate_at(recipe: DetectorRecipe, done: float) -> float:
    """Factor of the learning rate: a linear rise, then half a cosine down to the recipe's final share."""
    if done < recipe.warm_up:
        return max(done / recipe.warm_up, 0.02)
    fall = min(1.0, (done - recipe.warm_up) / (1 - recipe.warm_up))
    return recipe.final_rate + (1 - recipe.final_rate) * 0.5 * (1 + math.cos(math.pi * fall))


def phase_at(recipe: DetectorRecipe, done: float) -> Phase:
    end = 0.0
    for phase in recipe.phases:
        end += phase.share
        if done < end:
            return phase
    return recipe.phases[-1]
