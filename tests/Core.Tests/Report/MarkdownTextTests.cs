using Relo.Core.Report;

namespace Relo.Core.Tests.Report;

public class MarkdownTextTests
{
    [Theory]
    [InlineData("a|b", "a&#124;b")]
    [InlineData("a`b``", "a&#96;b&#96;&#96;")]
    [InlineData("</code></td><script>", "&#60;/code&#62;&#60;/td&#62;&#60;script&#62;")]
    [InlineData("a\n| b |", "a&#92;n&#124; b &#124;")]
    [InlineData("a\\|b", "a&#92;&#124;b")]
    [InlineData("&#124;", "&#38;&#35;124;")]
    [InlineData("[x](http://e)", "&#91;x&#93;(http&#58;//e)")]
    [InlineData("www.evil.example", "www&#46;evil.example")]
    [InlineData("@team #1 $x$ ~~y~~ *z*", "&#64;team &#35;1 &#36;x&#36; &#126;&#126;y&#126;&#126; &#42;z&#42;")]
    [InlineData("task_struct___old.__state", "task_struct___old.&#95;&#95;state")]
    [InlineData("\u202e\u001b", "&#92;u202e&#92;u001b")]
    [InlineData("struct x::Y (0:1), 'ядро'", "struct x::Y (0:1), 'ядро'")]
    public void Text_stays_text(string text, string expected) => Assert.Equal($"<code>{expected}</code>", MarkdownText.Code(text));
}
