"""Sources and sinks: the only folder that opens files."""

from pyterra.io.proj import use_newest

use_newest()  # before anyone imports rasterio
