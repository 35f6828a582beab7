using Relo.Archive.Blobs;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Naming;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>
/// A kernel package of Fedora, Red Hat's family, SUSE or Amazon, binary or debuginfo:
/// <code>
/// lead 96 | signature header, padded to 8 | header | compressed cpio
/// </code>
/// The payload is streamed until the kernel is found.
/// </summary>
internal static class RpmPackage
{
    private const int LeadBytes = 96;

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0xed, 0xab, 0xee, 0xdb]);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth)
    {
        if (file.Length < LeadBytes)
            throw new KernelFileException($"the rpm is truncated: it has {file.Length} bytes, its lead alone has {LeadBytes}");
        var rest = file[LeadBytes..];
        RpmHeader.Read(rest.Span, "signature", out var signature);
        rest = rest[Math.Min(rest.Length, (signature + 7) & ~7)..];
        var header = RpmHeader.Read(rest.Span, "header", out var length);
        var payload = rest[length..];
        string name = header.Text(RpmHeader.Name), arch = header.Text(RpmHeader.Arch),
            builder = $"{header.Text(RpmHeader.Vendor)} {header.Text(RpmHeader.Distribution)}";

        using var members = new PackageMembers(unpacker, depth);
        using var data = Compression.Of(payload.Span) is { } compression ? unpacker.Open(compression, payload) : new BytesStream(payload);
        var cpio = new CpioWalk(data, unpacker.Ct);
        while (!members.IsComplete && cpio.Next() is { } member)
            if (member.IsFile) members.Consider(member.Name, member.SizeBytes, cpio.Content());
        if (members.Take() is { } kernel)
        {
            var origin = KernelOrigin.Of(kernel.Release ?? "", builder);
            return (kernel with
            {
                Arch = kernel.Arch ?? (arch is "" or "noarch" ? null : KernelName.Arch(arch)),
                // The package's vendor wins over the banner, because rebuilds may keep the banner of their source.
                Distro = origin.Distro ?? kernel.Distro,
                Version = origin.Version ?? kernel.Version,
            }).In("rpm");
        }

        throw new KernelFileException(members.Faults is { } faults
            ? $"the package {name} has a kernel, but no BTF could be read from it: {faults}"
            : $"the package {name} contains no kernel; expected one with lib/modules/*/vmlinuz, boot/vmlinuz-* or "
                + "usr/lib/debug/**/vmlinux*, such as kernel-core or kernel-debuginfo");
    }
}
