"""Arrays with named dimensions: NetCDF, HDF5, objects of xarray."""
