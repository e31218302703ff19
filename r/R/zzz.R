# What is done when all methods are there.

# A table of methods is made with the generic of another package behind it. Saved like that, it would take along all that the generic
# knows: the methods of all packages, and terra's classes of C++.
for (table in mget(ls(topenv(), all.names = TRUE, pattern = "^[.]__T__"), topenv())) {
  parent.env(table) <- baseenv()
}
rm(table)
