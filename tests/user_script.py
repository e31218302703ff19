"""A user's script, for a type checker: `test_types` asks what it makes of it. Its last line is wrong."""
# ruff: noqa

import pyterra as pt

r = pt.rast(nrows=2, ncols=2, vals=[1, 2, 3, 4])
v = pt.vect("POINT (1 2)")
e = pt.ext(0, 1, 0, 1)
r.names = ["a"]
reveal_type(r.focal(3))
reveal_type(pt.focal(r, 3))
reveal_type(pt.crop(r, e))
reveal_type(pt.crop(v, e))
reveal_type(pt.merge([r, r]))
reveal_type(pt.union(e, e))
reveal_type(pt.names(v))
reveal_type(r.nrow)
reveal_type(pt.xmin(e))
pt.focal(v, 3)
