using System.Buffers.Binary;
using System.Text;

namespace Relo.Core.Tests.Fixtures;

/// <summary>
/// Real objects: Debian's libbpf-tools carry theirs inside the executables (bpftool skeletons). They are cut out as they
/// stand: from the ELF magic of a little-endian BPF object to the end of its section headers, which compilers write last.
/// </summary>
internal static class LibbpfTools
{
    private const ushort MachineBpf = 247;
    private static readonly byte[] Magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];

    /// <summary>Name and bytes of each object; empty when the package is not installed.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Objects { get; } = [.. Carve()];

    /// <summary>Names of the sections that hold instructions (SHF_EXECINSTR).</summary>
    public static IEnumerable<string> CodeSections(byte[] elf)
    {
        var headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(40));
        var names = (int)Word(BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(62)), 24);
        for (var i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(60)); i++)
            if ((Word(i, 8) & 4) != 0)
                yield return Text(names + (int)(uint)Word(i, 0));

        ulong Word(int section, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(headers + (section * 64) + offset));
        string Text(int at) => Encoding.UTF8.GetString(elf, at, elf.AsSpan(at).IndexOf((byte)0));
    }

    private static IEnumerable<(string, byte[])> Carve()
    {
        const string list = "/var/lib/dpkg/info/libbpf-tools.list";
        if (!File.Exists(list))
            yield break;
        foreach (var path in File.ReadLines(list).Where(l => l.StartsWith("/usr/sbin/", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(path);
            for (var at = Next(bytes, 1); at > 0; at = Next(bytes, at + 1))
                if (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 18)) == MachineBpf)
                    yield return (Path.GetFileName(path), bytes[at..(at + Length(bytes.AsSpan(at)))]);
        }
    }

    private static int Next(byte[] bytes, int from)
    {
        var found = bytes.AsSpan(from).IndexOf(Magic);
        return found < 0 ? -1 : from + found;
    }

    // e_shoff + e_shentsize * e_shnum
    private static int Length(ReadOnlySpan<byte> elf) =>
        (int)BinaryPrimitives.ReadUInt64LittleEndian(elf[40..])
        + (BinaryPrimitives.ReadUInt16LittleEndian(elf[58..]) * BinaryPrimitives.ReadUInt16LittleEndian(elf[60..]));
}
