"""One sentence for each rule of the repair stage."""

from __future__ import annotations

NORMALIZATION = "normalization"

_MISREAD = "UTF-8 that was read as {} is read as UTF-8 again."

REASONS = {
    "utf8_read_as_latin_1": _MISREAD.format("Latin-1"),
    "utf8_read_as_windows_1250": _MISREAD.format("Windows-1250 (Central European)"),
    "utf8_read_as_windows_1251": _MISREAD.format("Windows-1251 (Cyrillic)"),
    "utf8_read_as_windows_1252": _MISREAD.format("Windows-1252 (Western European)"),
    "utf8_read_as_windows_1253": _MISREAD.format("Windows-1253 (Greek)"),
    "utf8_read_as_windows_1254": _MISREAD.format("Windows-1254 (Turkish)"),
    "utf8_read_as_windows_1257": _MISREAD.format("Windows-1257 (Baltic)"),
    "utf8_read_as_iso_8859_2": _MISREAD.format("ISO-8859-2 (Central European)"),
    "utf8_read_as_macroman": _MISREAD.format("Mac OS Roman"),
    "utf8_read_as_cp437": _MISREAD.format("code page 437 (MS-DOS)"),
    "inconsistent_utf8": "UTF-8 that was read in a wrong encoding, inside text that is right, is read as UTF-8 again.",
    "windows_1252_read_as_latin_1": "Windows-1252 was read as Latin-1, so that punctuation became control characters.",
    "c1_control": "A C1 control character is the Windows-1252 character of the same byte.",
    "html_entity": "An HTML entity is written as its character.",
    "unicode_escape": "A \\u escape in plain text is written as its character.",
    "byte_escape": "Escaped bytes (\\x..) in plain text are the UTF-8 of a character.",
    "percent_escape": "Percent-escaped bytes outside an address are the UTF-8 of a character.",
    "percent_escaped_space": "%20 between the words of plain text is a space.",
    "quoted_printable": "Quoted-printable residue of e-mail is written as its character.",
    "code_point_tag": "A code point written as <U+....> is written as its character.",
    "line_break": "A line, paragraph or next-line separator is an ordinary line end.",
    "surrogate": "Halves of a UTF-16 pair become their character, a half alone becomes U+FFFD.",
    "terminal_escape": "Colour and cursor codes of a terminal are no text.",
    "control_character": "A control character that does not belong in text.",
    "invisible_character": "An invisible character that means nothing in this script.",
    "uncurled_quote": "Curly quotes are straightened on request.",
    "ligature": "A ligature is written as its letters on request.",
    "character_width": "A full-width or half-width form is written as usual on request.",
    NORMALIZATION: "The text is put into the Unicode form that was asked for.",
}

DIFFERENCES = {
    "entities_beside_tags": "ftfy stops decoding entities at the first `<`; here only what markup needs stays.",
    "next_line_ends_a_line": "ftfy takes every U+0085 for an ellipsis; where its places end lines, it is a line end.",
    "evidence_of_the_document": "ftfy judges each line alone; here the sure damage of all lines decides weaker places.",
    "text_about_mojibake": "ftfy repairs samples of damage in a line that writes about encodings; here they stay.",
    "invisible_characters": "ftfy leaves soft hyphens, zero-width characters and marks of direction.",
    "escapes": "ftfy leaves escapes that were written out.",
    "byte_c0_before_a_line_end": "ftfy takes À and the line end behind it for a NUL of Java, and drops both.",
}
"""Where the output is meant to differ from that of `ftfy.fix_text` with the same settings. In exact mode
(`RepairConfig.exact`) only the last one is left, by which ftfy loses text."""
