"""`import clef.hook`: from then on, `import name` also finds `name.clef`.

Comes in: nothing. Goes out: an entry at the end of `sys.meta_path`. Promises: see
`clef.install_import_hook`.
"""

from __future__ import annotations

from clef.embedding.python_module import install_import_hook

install_import_hook()
