"""The symbols that `JsonSerializer` rests on.

Comes in: nothing. Goes out: names. Promises: types that are missing in `JSON_CODECS` are objects
with their properties, or collections that are only written.
"""

from __future__ import annotations

from clef.typed_core.well_known import (
    ARRAY,
    COLLECTIONS,
    LIST,
    NULLABLE,
    OPTION,
    VALUE_OPTION,
)

JSON_NAMESPACE = "System.Text.Json."
JSON_CODEC = f"{JSON_NAMESPACE}JsonCodec"
JSON = f"{JSON_NAMESPACE}JsonCodecs"
JSON_ITEMS = f"{JSON}.ofItems"  # 'T of a sequence
JSON_ENTRIES = f"{JSON}.ofEntries"  # 'Key, 'Value of a dictionary
DICTIONARIES = (
    "System.Collections.Generic.IDictionary`2",
    "System.Collections.Generic.IReadOnlyDictionary`2",
)
JSON_CODECS: dict[str, str] = {
    **{
        f"System.{name}": f"{JSON}.of{name}"
        for name in (
            *("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"),
            *("Single", "Double", "Decimal", "Boolean", "Char", "String", "Guid", "Uri"),
            *("DateTime", "DateTimeOffset", "TimeSpan", "DateOnly", "TimeOnly", "Version"),
        )
    },
    "System.Text.Json.JsonElement": f"{JSON}.ofElement",
    "System.Text.Json.JsonDocument": f"{JSON}.ofDocument",
    "System.Text.Json.Nodes.JsonNode": f"{JSON}.ofNode",
    "System.Text.Json.Nodes.JsonObject": f"{JSON}.ofNode",
    "System.Text.Json.Nodes.JsonArray": f"{JSON}.ofNode",
    "System.Text.Json.Nodes.JsonValue": f"{JSON}.ofNode",
    ARRAY: f"{JSON}.ofArray",
    LIST: f"{JSON}.ofList",
    OPTION: f"{JSON}.ofOption",
    VALUE_OPTION: f"{JSON}.ofValueOption",
    NULLABLE: f"{JSON}.ofNullable",
    f"{COLLECTIONS}.Map`2": f"{JSON}.ofMap",
    f"{COLLECTIONS}.Set`1": f"{JSON}.ofSet",
    **{
        f"System.Collections.Generic.{name}": f"{JSON}.ofCollection"
        for name in (
            *("IEnumerable`1", "ICollection`1", "IList`1", "List`1"),
            *("IReadOnlyCollection`1", "IReadOnlyList`1"),
        )
    },
    "System.Collections.Generic.HashSet`1": f"{JSON}.ofHashSet",
    "System.Collections.Generic.ISet`1": f"{JSON}.ofHashSet",
    "System.Collections.Generic.SortedSet`1": f"{JSON}.ofSortedSet",
    "System.Collections.Generic.Queue`1": f"{JSON}.ofQueue",
    "System.Collections.Generic.Stack`1": f"{JSON}.ofStack",
    **{
        f"System.Collections.Generic.{name}": f"{JSON}.ofDictionary"
        for name in ("Dictionary`2", "IDictionary`2", "IReadOnlyDictionary`2")
    },
    "System.Collections.Generic.SortedDictionary`2": f"{JSON}.ofSortedDictionary",
    "System.Collections.Generic.KeyValuePair`2": f"{JSON}.ofPair",
}
"""Library functions `unit -> JsonCodec` by type; their type parameters are those of the type."""
