"""One pass over the tokens says the same as a parser, or says that it cannot tell."""

from __future__ import annotations

import pytest

from collectors import lexing, parsing
from collectors.source import language_of
from rungwise.clues import Language

BOTH_WAYS = {
    "quotes.py": "x = 'a # b' + \"c 'd'\" # e \"f\n",
    "escapes.py": "x = 'a\\'# b'\ny = \"\\\\\" # c\nz = r'\\' # d'\n",
    "docs.py": '"""m # n"""\nclass A:\n    """d"""\n    x = 1\n    """about x"""\n\n    def f(self): # c\n        r"""d"""\n        return "r"\n',
    "no_docs.py": 'x = [\n    "a",\n    "b"\n    "c",\n]\ny = {"k":\n    "v"}\nf(\n  "z" # c\n)\nw = \\\n    "u"\nassert x, \\\n    "v"\n',
    "format.py": "x = f\"a {b} {c['d']} {{e}} {f!r:>{g}} # h\" # i\ny = f'''{\n  j # k\n}'''\n".replace(" # k", ""),
    "nested.py": "x = f'{f\"{a} b\"} c' + f'{{d}}'\n",
    "bytes.py": "x = b'a' + rb\"b # c\" + u'd'\n",
    "division.ts": "const a = b / c; // d / e\nconst f = (g + 1) / 2 / h;\n",
    "regex.ts": "const a = /'\"[/'\\/]`/.test(b); // c\nreturn /\"/;\nx = y.replace(/'/g, '');\n",
    "template.ts": "const a = `b ${c + `d ${'e'} f`} // g ${{h: 1}.h}`; // i\n",
    "generics.ts": "const a = <T>(b: T) => b; // c\nlet d = <any>e; type F = Array<G<'h'>>;\n",
    "shebang.js": "#!/usr/bin/env node's\nconst a = 'b'; // c\n",
    "element.tsx": "const a = <p title=\"it's\" x='y' {...z}>Don't // do {b /* c */} this {'d'} <br/> {`e`}</p>; // f\n",
    "fragment.tsx": "return (\n  <>\n    it's {a && <b>it's</b>} {c ? <D e={<f/>} /> : null}\n  </>\n); // g\n",
    "compare.tsx": "if (a < b && c > d) { e<string>('f'); } // g\nconst h = useState<Map<string, 'i'>>(); for (let j=0;j<k;j++) {}\n",
    "a.go": "package a // b\nvar c = \"d // e \\\" f\" + `g \" // h\n` + string('\"') + string('\\'') /* i \" */\n",
    "A.java": 'class A { // b\n String c = "d // \\" e"; char f = \'"\'; /* g " */ String h = """\n  i " j // k\n  """; }\n',
    "a.rs": "fn a<'b>(c: &'b str) { // d\n let e = \"f // \\\" g\n h\"; let i = r#\"j \" // k\"#; let l = '\"'; let m = '\\''; let n = b\"o\"; /* p \" */ }\n",
    "attribute.rs": "#![allow(dead_code)] // a\n#[doc = \"b // c\"]\nfn d() {}\n",
    "A.cs": '// a "\n#region it\'s\nclass B { string c = "d // \\" e"; string f = @"g "" \\"; string h = $"i {j} {{k}} {l["m"]}"; '
    'string n = $@"o {p} "" q"; char r = \'"\'; string s = """\n t " u\n """; }\n#endregion\n#pragma warning disable CA1 // v "\n',
    "a.kt": 'val a = "b // \\" $c ${d["e"]} f" // g\nval h = """i " // $j ${k} l""" /* m " */\nval n = \'"\'\n',
    "a.php": "it's <b> text\n<?php # a '\n$b = 'c // \\' d'; // e ' ?> it's\n<?php $f = \"g $h {$i['j']} $k[0] $l->m # n\"; /* o ' */ #[Attr('p')]\n"
    "$q = <<<EOT\n r's $t {$u->v} \" # w\nEOT;\n$x = <<<'Y'\n z's $a\nY;\n",
    "shebang.php": "#!/usr/bin/env php\n<?php\n$a = 'b';\n",
    "a.rb": "# a '\nb = 'c # \\' d' + \"e # #{f('g')} h\" # i\nj = %w[k # l] + %i[m] ; n = o / p / q # r's\n"
    "s = t =~ /u \" # v/ ? `w # x` : :\"y # z\"\n$' if $\"\n",
    "heredoc.rb": "a(<<~B, 'c') # d\n  e's \" # f #{g(\"h\")} i\nB\nj = <<-'K' # l\n  m's #{n}\n  K\nputs 'o'\n",
    "percent.rb": "def a\n  b = c % d\n  %(e's #{f} (g))\nend\nx = '%s' % y\n".replace(" #{f}", ""),
    "a.ex": '# a "\n@doc """\nb # c #{d("e")} "f"\n"""\ng = "h # #{i <> "j"} k" <> \'l # m\' # n\no = ~r/p " # q/ ; r = ~w(s t) ; u = ?" ; v = ~s"w #{x}"\ny = ~S"""\nz "\n"""\n',
    "a.tf": '# a "\nb = "c # ${d("e # f")} \\" // g" // h\ni = <<-J\n  k # l "\n  J\n/* m " */\nn = "o"\n',
}  # fmt: skip


def blanked(text: bytes, spans: list[lexing.Span]) -> bytes:
    out = bytearray(text)
    for start, end in spans:
        out[start:end] = bytes(byte if byte == 10 else 32 for byte in out[start:end])
    return bytes(out)


def languages(path: str) -> Language:
    language = language_of(path)
    assert language is not None
    return language


@pytest.mark.parametrize("path", BOTH_WAYS)
def test_it_says_what_a_parser_says(path: str) -> None:
    text, language = BOTH_WAYS[path], languages(path)
    fast, sure = lexing.spans(text.encode(), language, path), parsing.spans(text, language, path)
    assert fast is not None
    assert blanked(text.encode(), fast.comments) == blanked(text.encode(), sure.comments)
    if language in parsing.WITH_STRINGS:
        assert blanked(text.encode(), fast.comments + fast.strings) == blanked(text.encode(), sure.comments + sure.strings)
    assert fast.comments + fast.strings


UNSURE = {
    "unclosed.py": "x = 'a\n",
    "one_line.py": "class A: 'doc'\n",
    "after_block.js": "if (a) { b(); }\n/'c'/.test(d);\n",
    "after_bracket.js": "if (a) /'b'/.test(c);\n",
    "generic.tsx": "const a = <T,>(b: T) => b;\n",
    "never_closed.tsx": "const a = <p>b;\n",
    "open_template.ts": "const a = `b ${c;\n",
    "nested.rs": "/* a /* b */ c */\n",
    "command.rb": "verify /a'b/\n",
    "documentation.rb": "=begin\nit's\n=end\n",
    "end.rb": "a = 1\n__END__\nit's\n",
    "shift.rb": "a <<B\nit's\nB\n",
    "dollars.cs": 'var a = $$"""{{b}} " """;\n',
    "shell.php": "<?php $a = `ls '`;\n",
    "sigil.ex": "a = ~s(b #{c})\n",
    "template.tf": 'a = <<B\n${c("d # e")}\nB\n',
}


@pytest.mark.parametrize("path", UNSURE)
def test_it_says_where_only_a_parser_can_tell(path: str) -> None:
    assert lexing.spans(UNSURE[path].encode(), languages(path), path) is None


OPENED = ("'", '"', "`", "/*", "<!--", "/", "(", "{", "<a ", "<a>", "${", '"""', "'''", "f'{", '$"{', '@"', 'r#"', "~s(", "%w(", "<<~A\n", "<<<A\n", "<<A\n",
    '"a"\n', "'''a'''\n", ')/', "}/'", "x:'a';", "# ", "//\n", "\n", " ", "\\", "=begin\n", "#{", '"#{', "?", "@", "/**/", "a <b", "{#", "<<~A #", "%(", "${{")  # fmt: skip
"""What begins something, over and over: quadratic wherever the end of each is looked for anew."""


@pytest.mark.parametrize("opened", OPENED)
def test_hostile_text_takes_linear_time(opened: str) -> None:
    text = (opened * (200_000 // len(opened))).encode()
    for language in Language:
        for path in ("a.ts", "a.tsx") if language is Language.JAVASCRIPT else ("a",):
            lexing.spans(text, language, path)
    lexing.spans(b'"' + text, Language.JAVASCRIPT, "a.vue")


def test_what_nothing_closes_is_no_comment_in_configuration() -> None:
    for path, text in {"a.html": "<!-- <!-- --> {# b {{-- c", "a.sql": "/* a */ /* b -- c", "a.proto": "/* a */ /* b"}.items():
        found = lexing.spans(text.encode(), languages(path), path)
        assert found is not None
        assert b"b" in blanked(text.encode(), found.comments)
        assert b"a" not in blanked(text.encode(), found.comments)
