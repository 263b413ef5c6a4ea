"""What .NET has and Clef does not is told by its full name.

In: small programs. Out: a test for each way of naming something. Promises: names that nobody has,
and mistakes in names that Clef has, are told as such.
"""

from __future__ import annotations

import pytest

from clef.names.dotnet_names import member_elsewhere, namespace_elsewhere, type_elsewhere
from tests.inference.conftest import Check

CASES = {
    "let client = new System.Net.Http.HttpClient()": "E0220 System.Net.Http.HttpClient",
    "let found (x: System.Reflection.MethodInfo) = x": "E0220 System.Reflection.MethodInfo",
    "open System.Net\nlet client = new WebClient()": "E0220 System.Net.WebClient",
    "open System.Net.Mail\nlet all: MailMessage list = []": (
        "W0221 System.Net.Mail, E0220 System.Net.Mail.MailMessage"
    ),
    "open System.Threading\nlet all: Overlapped = null": "E0220 System.Threading.Overlapped",
    'let all = System.Reflection.Assembly.LoadFrom "a.dll"': (
        "E0220 System.Reflection.Assembly.LoadFrom"
    ),
    "let methods = typeof<int>.GetMethods()": "E0220 System.Type.GetMethods",
    "let made = FSharp.Reflection.FSharpValue.MakeFunction(typeof<int -> int>, id)": (
        "E0220 FSharp.Reflection.FSharpValue.MakeFunction"
    ),
    "let set (p: System.Reflection.PropertyInfo) = p.GetSetMethod()": (
        "E0220 System.Reflection.PropertyInfo.GetSetMethod"
    ),
    "let made = typeof<int>.MakePointerType()": "E0220 System.Type.MakePointerType",
    'open System.Net.Http\nprintfn ""': "W0221 System.Net.Http",
    "open System.Nett": "E0203",
    "let x = Map.ad 1 2": "E0306",
    'let x = "".Frobnicate()': "E0306",
    "let x = System.Math.Abss 1": "E0306",
    "let x = HttpClient()": "E0201",
}


@pytest.mark.parametrize("source", CASES)
def test_messages(infer: Check, source: str) -> None:
    """Code and full name of every message."""
    told = [f"{one.code} {getattr(one, 'path', '')}".strip() for one in infer(source).diagnostics]
    assert ", ".join(told) == CASES[source]


def test_names() -> None:
    """Both names of FSharp.Core; arities; members of namespaces that are open."""
    assert namespace_elsewhere("FSharp.Quotations") == "FSharp.Quotations"
    assert namespace_elsewhere("System.Nonsense") is None
    assert type_elsewhere(["Lock"], 0, ["System.Threading"]) == "System.Threading.Lock"
    assert type_elsewhere(["Lock"], 0, []) is None
    assert type_elsewhere(["Map", "ad"], 1, []) is None
    assert member_elsewhere("System.Collections.Generic.List`1", "Slice") is not None
