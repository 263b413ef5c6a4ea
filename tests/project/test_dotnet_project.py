"""Project files of .NET: what is compiled, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clef.project.loading import Loaded, load

TESTS = """\
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net8.0</TargetFramework>
    <DefineConstants Condition="'$(Configuration)' == 'Debug'">SLOW</DefineConstants>
  </PropertyGroup>
  <ItemGroup>
    <Compile Include="Shapes.fsi" /><Compile Include="Shapes.fs;Sizes.fs" />
  </ItemGroup>
  <ItemGroup>
    <PackageReference Include="xunit" Version="2.9" />
    <PackageReference Include="Newtonsoft.Json" Version="13.0.3" />
    <ProjectReference Include="..\\Core\\Core.fsproj" />
  </ItemGroup>
</Project>
"""
CORE = '<Project><ItemGroup><Compile Include="Core.fs" /></ItemGroup></Project>'


def _loaded(folder: Path, text: str) -> Loaded:
    (folder / "Core").mkdir(exist_ok=True)
    (folder / "Core" / "Core.fsproj").write_text(CORE)
    (folder / "App").mkdir(exist_ok=True)
    (folder / "App" / "App.fsproj").write_text(text, encoding="utf-8")
    return load(str(folder / "App"))


def test_sources_packages_and_other_projects(tmp_path: Path) -> None:
    """Sources in order, those of other projects first; packages that are missing are told."""
    outcome = _loaded(tmp_path, TESTS)
    assert outcome.project is not None
    names = [Path(one).name for one in outcome.project.sources]
    assert names == ["Core.fs", "Shapes.fsi", "Shapes.fs", "Sizes.fs"]
    assert outcome.project.output_kind == "library"
    assert [one.code for one in outcome.diagnostics] == ["W0826"]
    assert "Newtonsoft.Json" in outcome.diagnostics[0].title()


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ('<ItemGroup Condition="true"><Compile Include="a.fs" /></ItemGroup>', ["E0825"]),
        ('<ItemGroup><Compile Include="src/**/*.fs" /></ItemGroup>', ["E0825"]),
        ('<ItemGroup><Compile Include="$(Shared)/a.fs" /></ItemGroup>', ["E0825"]),
        ("<PropertyGroup><DefineConstants>A;$(X)</DefineConstants></PropertyGroup>", ["E0825"]),
        ('<Import Project="a.projitems" />', ["E0825"]),
        ('<ItemGroup><ProjectReference Include="App.fsproj" /></ItemGroup>', ["E0825"]),
        ('<ItemGroup><ProjectReference Include="a.csproj" /></ItemGroup>', ["E0825"]),
        ('<ItemGroup><ProjectReference Include="gone.fsproj" /></ItemGroup>', ["E0810"]),
        ("", ["E0809"]),
        ("<a>", ["E0806"]),
    ],
)
def test_what_is_refused(tmp_path: Path, content: str, codes: list[str]) -> None:
    """Whatever is not evaluated and would change what is compiled, and what is no XML."""
    outcome = _loaded(tmp_path, f"<Project>{content}</Project>")
    assert outcome.project is None
    found = {one.code for one in outcome.diagnostics}
    assert sorted(found - {"E0809"} or found) == codes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_no_file_crashes_the_compiler(tmp_path: Path, data: st.DataObject) -> None:
    """Damaged files give findings."""
    start = data.draw(st.integers(0, len(TESTS)))
    end = data.draw(st.integers(start, min(start + 9, len(TESTS))))
    junk = data.draw(st.text("<>/=\"'&;!$()*\\ aé", max_size=6))
    outcome = _loaded(tmp_path, TESTS[:start] + junk + TESTS[end:])
    for finding in outcome.diagnostics:
        assert finding.title() and finding.labels() is not None
