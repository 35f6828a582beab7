namespace Relo.Archive.Upstream.Dnf;

/// <summary>
/// Refuses XML that XmlReader would hold in memory as a whole: long tags, and CDATA of any length, which repositories do not use.
/// </summary>
internal sealed class BoundedXml(TextReader xml) : TextReader
{
    // The text after a tag counts too. Descriptions have a few kilobytes.
    private const int MostChars = 1 << 20;
    private const string CData = "<![";

    private int _sinceTag, _ofCData;

    public override int Read(char[] buffer, int index, int count)
    {
        var read = xml.Read(buffer, index, count);
        foreach (var c in buffer.AsSpan(index, read))
        {
            // No value of an attribute contains '<'.
            _sinceTag = c == '<' ? 0 : _sinceTag + 1;
            if (_sinceTag > MostChars) throw new FormatException($"it has a tag or text of more than {MostChars} characters");
            _ofCData = c == CData[_ofCData] ? _ofCData + 1 : c == '<' ? 1 : 0;
            if (_ofCData == CData.Length) throw new FormatException("it has CDATA, expected plain text");
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) xml.Dispose();
        base.Dispose(disposing);
    }
}
