using System.Text;
using Relo.Archive.Upstream.Dnf;

namespace Relo.Archive.Tests.Upstream.Dnf;

/// <summary>XML that is damaged, or would fill the memory, is refused.</summary>
public class XmlItemsTests
{
    [Fact]
    public void Texts_and_attributes_of_an_item_are_read()
    {
        var item = Assert.Single(Read($"""
            <a><!-- < --><package x="1"><name>b</name><location href="c"/><t>{new string('d', 5000)}</t></package></a>
            """));
        Assert.Equal(("1", "b", "c", 4096), (item["@x"], item["name"], item["location@href"], item["t"].Length));
    }

    [Fact]
    public void Damage_within_a_long_text_is_refused_wherever_it_is()
    {
        for (var chars = 3900; chars < 4200; chars += 10)
            Refused($"<metadata><package><name>{new string('a', chars)}\u0001</name></package></metadata>");
    }

    [Fact]
    public void A_long_attribute_is_refused() => Assert.Equal("an item has an attribute or name of more than 4096 characters",
        Refused($"<a><package><location href=\"{new string('a', 5000)}\"/></package></a>"));

    [Fact]
    public void Many_fields_are_refused() => Assert.Equal("an item has more than 256 fields",
        Refused($"<a><package>{string.Concat(Enumerable.Range(0, 300).Select(i => $"<f{i}>x</f{i}>"))}</package></a>"));

    [Fact]
    public void A_tag_of_megabytes_is_refused() => Assert.Equal("it has a tag or text of more than 1048576 characters",
        Refused($"<a><package x=\"{new string('>', 2 << 20)}\"/></a>"));

    [Fact]
    public void Cdata_is_refused() =>
        Assert.Equal("it has CDATA, expected plain text", Refused("<a><package><name><![CDATA[x]]></name></package></a>"));

    private static string Refused(string xml) => Assert.Throws<FormatException>(() => Read(xml)).Message;

    private static List<Dictionary<string, string>> Read(string xml) =>
        [.. XmlItems.Read(new MemoryStream(Encoding.UTF8.GetBytes(xml)), "package")];
}
