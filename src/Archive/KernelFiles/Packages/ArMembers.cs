using System.Globalization;
using System.Text;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>
/// The members of an ar archive, which a .deb is:
/// <code>
/// "!&lt;arch&gt;\n", then for each: name 16 | time 12 | owner 6 | group 6 | mode 8 | size 10 | "`\n" | bytes | one more if odd
/// </code>
/// </summary>
internal static class ArMembers
{
    private const int HeaderBytes = 60, MaxMembers = 16;

    public static ReadOnlySpan<byte> Magic => "!<arch>\n"u8;

    public static List<(string Name, ReadOnlyMemory<byte> Bytes)> Read(ReadOnlyMemory<byte> file)
    {
        var members = new List<(string, ReadOnlyMemory<byte>)>();
        for (var rest = file[Magic.Length..]; !rest.IsEmpty;)
        {
            if (members.Count == MaxMembers)
                throw new KernelFileException(
                    $"the .deb has more than {MaxMembers} members; expected debian-binary, control.tar and data.tar");
            if (rest.Length < HeaderBytes)
                throw new KernelFileException(
                    $"the .deb is truncated: {rest.Length} bytes are left, the header of a member has {HeaderBytes}");
            var header = rest.Span[..HeaderBytes];
            if (!header.EndsWith("`\n"u8))
                throw new KernelFileException(
                    $"the .deb is damaged: the header of a member ends in {Convert.ToHexStringLower(header[^2..])}, expected 600a");
            var name = Encoding.ASCII.GetString(header[..16]).TrimEnd(' ', '/');
            var size = Encoding.ASCII.GetString(header.Slice(48, 10)).TrimEnd();
            if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) || bytes > rest.Length - HeaderBytes)
                throw new KernelFileException(
                    $"the .deb is truncated: member '{name}' has '{size}' bytes, {rest.Length - HeaderBytes} are left");
            members.Add((name, rest.Slice(HeaderBytes, bytes)));
            rest = rest[Math.Min(rest.Length, HeaderBytes + bytes + (bytes & 1))..];
        }

        return members;
    }
}
