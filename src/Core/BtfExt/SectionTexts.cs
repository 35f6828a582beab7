using System.Text;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.BtfExt;

/// <summary>The names of sections that <c>.BTF.ext</c> refers to, each read once.</summary>
/// <param name="strings">The strings they are in.</param>
/// <param name="extSize">Bytes of <c>.BTF.ext</c>.</param>
internal sealed class SectionTexts(BtfTypes strings, int extSize)
{
    /// <summary>The same limit as for names of ELF sections.</summary>
    private const int MaxLength = 4096;

    private readonly Dictionary<uint, string> _known = [];

    // Names may overlap, as in ELF string tables: together they may be a few times as long as the section.
    private long _left = 65536 + (4L * extSize);

    /// <summary>
    /// The name at string offset <paramref name="offset"/>, which <paramref name="what"/> gives just before <paramref name="end"/>.
    /// </summary>
    public string At(uint offset, long end, string what)
    {
        if (_known.TryGetValue(offset, out var known)) return known;
        if (offset == 0 || offset >= strings.StringsEnd)
            throw Fault(end, $"{what} names its section at string offset {offset}; expected 1 to {strings.StringsEnd - 1}");
        var name = strings.NameUpTo(offset, MaxLength);
        if (name.IsEmpty) throw Fault(end, $"{what} has a section without a name");
        if (name.Length > MaxLength) throw Fault(end, $"{what} names a section with more than {MaxLength} bytes");
        if ((_left -= name.Length) < 0)
            throw Fault(end,
                $"the names of sections overlap; together they are longer than {65536 + (4L * extSize)} bytes, the limit for this section");
        return _known[offset] = Encoding.UTF8.GetString(name);
    }

    private static MalformedObjectException Fault(long end, string message) =>
        new(MalformedObjectException.MalformedObject, ".BTF.ext", end - sizeof(uint), message);
}
