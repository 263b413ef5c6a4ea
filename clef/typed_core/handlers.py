"""Which function lowers which class of expression.

Comes in: nothing. Goes out: the table that `Lowerer` dispatches on. Promises: every expression
class of the typed tree is here.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core.addresses import lower_address
from clef.typed_core.closures import lower_lambda
from clef.typed_core.comprehensions import lower_comprehension, lower_range, lower_yield
from clef.typed_core.conversions import lower_coerce, lower_downcast, lower_type_test
from clef.typed_core.failure import lower_try_finally, lower_try_with, lower_use
from clef.typed_core.formats import lower_format, lower_interpolated
from clef.typed_core.in_place import Ending, lower_ending
from clef.typed_core.loops import lower_for_to, lower_while
from clef.typed_core.lowerer import Handler
from clef.typed_core.matching import lower_match
from clef.typed_core.new_objects import lower_new
from clef.typed_core.object_expressions import lower_object_expression
from clef.typed_core.objects import lower_virtual_call
from clef.typed_core.places import (
    lower_field_fix,
    lower_field_get,
    lower_field_set,
    lower_hole,
    lower_local_set,
)
from clef.typed_core.simple import (
    lower_anonymous,
    lower_anonymous_field,
    lower_array,
    lower_exception,
    lower_global,
    lower_global_set,
    lower_if,
    lower_let,
    lower_literal,
    lower_local,
    lower_record,
    lower_record_copy,
    lower_sequential,
    lower_tuple,
    lower_union,
)
from clef.typed_core.static_fields import lower_static_get, lower_static_set
from clef.typed_core.strict_pipelines import lower_loop, lower_member, lower_pipeline
from clef.typed_core.traits import lower_given_trait, lower_trait_call
from clef.typed_core.type_information import lower_source_place, lower_type_name
from clef.typed_core.values import Given, GivenTrait, lower_given

HANDLERS: dict[type[t.Expression], Handler] = {
    t.Literal: lower_literal,
    t.LocalReference: lower_local,
    t.GlobalReference: lower_global,
    t.Lambda: lower_lambda,
    t.Application: lower_pipeline,
    t.Let: lower_let,
    t.Use: lower_use,
    t.Sequential: lower_sequential,
    t.If: lower_if,
    t.Match: lower_match,
    t.Tuple: lower_tuple,
    t.RecordConstruction: lower_record,
    t.RecordCopy: lower_record_copy,
    t.AnonymousRecordConstruction: lower_anonymous,
    t.UnionConstruction: lower_union,
    t.ExceptionConstruction: lower_exception,
    t.Hole: lower_hole,
    t.FieldFix: lower_field_fix,
    t.ArrayLiteral: lower_array,
    t.FieldGet: lower_field_get,
    t.AnonymousFieldGet: lower_anonymous_field,
    t.FieldSet: lower_field_set,
    t.StaticFieldGet: lower_static_get,
    t.StaticFieldSet: lower_static_set,
    t.LocalSet: lower_local_set,
    t.GlobalSet: lower_global_set,
    t.MethodCall: lower_member,
    t.VirtualCall: lower_virtual_call,
    t.TraitCall: lower_trait_call,
    t.New: lower_new,
    t.ObjectExpression: lower_object_expression,
    t.Coerce: lower_coerce,
    t.Downcast: lower_downcast,
    t.TypeTest: lower_type_test,
    t.While: lower_while,
    t.ForTo: lower_for_to,
    t.ForIn: lower_loop,
    t.Range: lower_range,
    t.TryWith: lower_try_with,
    t.TryFinally: lower_try_finally,
    t.Comprehension: lower_comprehension,
    t.Yield: lower_yield,
    t.YieldAll: lower_yield,
    t.FormatLiteral: lower_format,
    t.InterpolatedString: lower_interpolated,
    t.AddressOf: lower_address,
    t.TypeName: lower_type_name,
    t.SourcePlace: lower_source_place,
    Given: lower_given,
    Ending: lower_ending,
    GivenTrait: lower_given_trait,
}
