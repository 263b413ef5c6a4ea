"""Lists that are made only to be taken apart are not made.

Comes in: a core program in which functions are made for the known functions that they are given.
Goes out: one that does the same. Promises: in

    xs |> List.map f |> List.filter g |> List.sum

each item goes through all stages before the next one is looked at, and there is no list between
them, when nobody can tell: stages whose effects, exceptions or endlessness would come in another
order stay apart (`effects.py`). Which functions make lists item by item (`streams.py`) and which
only take them apart (`consumption.py`) is read from their code, also from that of the program.

The method is deforestation (Wadler, Theoretical Computer Science 73, 1990) of the functions that
unfold a list, which are the streams of Coutts, Leshchinskiy and Stewart (Stream fusion, ICFP 2007).
"""

from clef.typed_core.fusion.fusing import fuse_lists

__all__ = ["fuse_lists"]
