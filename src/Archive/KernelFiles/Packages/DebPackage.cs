using System.Formats.Tar;
using System.Text;
using System.Text.RegularExpressions;
using Relo.Archive.Blobs;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Naming;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>
/// A kernel package of Debian or Ubuntu, image or debug: an ar of <c>control.tar</c>, which describes it, and <c>data.tar</c>, which is
/// streamed until the kernel is found.
/// </summary>
internal static partial class DebPackage
{
    private const int MaxControlBytes = 1 << 20, MaxNameChars = 256;

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(ArMembers.Magic);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth)
    {
        var parts = ArMembers.Read(file);
        var fields = ReadControl(Member(parts, "control.tar"), unpacker);
        using var members = new PackageMembers(unpacker, depth);
        using var data = OpenTar(Member(parts, "data.tar"), unpacker);
        var tar = new TarWalk(data, unpacker.Ct);
        while (!members.IsComplete && tar.Next() is { } member)
            if (member.Type == TarEntryType.RegularFile) members.Consider(member.Name, member.SizeBytes, tar.Content());
        return members.Take() is { } kernel
            ? Describe(kernel, fields).In("deb")
            : throw new KernelFileException(WithoutKernel(fields, members.Faults));
    }

    private static KernelFile Describe(KernelFile kernel, Dictionary<string, string> fields)
    {
        // The banner wins; the package's fields fill the gaps.
        var origin = KernelOrigin.Of(kernel.Release ?? "", fields.GetValueOrDefault("Maintainer", ""));
        return kernel with
        {
            Arch = kernel.Arch
                ?? (fields.GetValueOrDefault("Architecture", "") is not ("" or "all") and var arch ? KernelName.Arch(arch) : null),
            Distro = kernel.Distro ?? origin.Distro,
            Version = kernel.Version ?? origin.Version,
        };
    }

    private static string WithoutKernel(Dictionary<string, string> fields, string? faults)
    {
        var name = fields.GetValueOrDefault("Package", "");
        if (name.Length > MaxNameChars) name = name[..MaxNameChars];
        if (faults is not null) return $"the package {name} has a kernel, but no BTF could be read from it: {faults}";
        var needed = KernelPackage().Match(fields.GetValueOrDefault("Depends", ""));
        return needed.Success
            ? $"the package {name} contains no kernel: it only depends on {needed.Value}; send that package"
            : $"the package {name} contains no kernel; expected one with boot/vmlinuz-*, lib/modules/*/vmlinuz or "
                + "usr/lib/debug/**/vmlinux*, such as linux-image-6.1.0-38-amd64";
    }

    private static Dictionary<string, string> ReadControl(ReadOnlyMemory<byte> packed, Unpacker unpacker)
    {
        using var stream = OpenTar(packed, unpacker);
        var tar = new TarWalk(stream, unpacker.Ct);
        while (tar.Next() is { } member)
        {
            if (member.Name is not ("./control" or "control")) continue;
            if (member.SizeBytes > MaxControlBytes)
                throw new KernelFileException(
                    $"the .deb's control file has {member.SizeBytes} bytes, at most {MaxControlBytes} are accepted");
            using var reader = new StreamReader(tar.Content(), Encoding.UTF8);
            return Fields(reader.ReadToEnd());
        }

        throw new KernelFileException("the .deb's control.tar has no file control");
    }

    // "Package: linux-image-…": one field per line. Continuation lines begin with a space and are ignored.
    private static Dictionary<string, string> Fields(string control)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in control.Split('\n'))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line[0] != ' ')
                fields[line[..colon]] = line[(colon + 1)..].Trim();
        return fields;
    }

    private static ReadOnlyMemory<byte> Member(List<(string Name, ReadOnlyMemory<byte> Bytes)> members, string start)
    {
        foreach (var (name, bytes) in members)
            if (name.StartsWith(start, StringComparison.Ordinal)) return bytes;
        throw new KernelFileException($"the .deb has no {start}; it has {string.Join(", ", members.Select(m => m.Name))}");
    }

    private static Stream OpenTar(ReadOnlyMemory<byte> packed, Unpacker unpacker) =>
        Compression.Of(packed.Span) is { } compression ? unpacker.Open(compression, packed) : new BytesStream(packed);

    // Without the limits, the time would be quadratic in the length of the field.
    [GeneratedRegex(@"linux-(image|binary)-[a-z0-9.+~-]{0,128}\d[a-z0-9.+~-]{0,128}", RegexOptions.CultureInvariant)]
    private static partial Regex KernelPackage();
}
