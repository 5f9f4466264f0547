"""Pictures: looked at and made anew in processes of their own, which may fall over."""

from kabar.engines.images.studio import ImageLimits, Look, Made, Studio, StudioFailed, UnfitImage

__all__ = ["ImageLimits", "Look", "Made", "Studio", "StudioFailed", "UnfitImage"]
