using System.Runtime.InteropServices;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>
/// Which of a kernel's modules have a type, function or variable of a given name, as a file. A kernel has thousands of modules; with this
/// index, only those with a wanted name are opened.
/// <code>
/// magic 8 | modules 4 | checksum of the entries 4 | entries, ascending: { module's index 4, hash of a name 4 }
/// </code>
/// </summary>
/// <remarks>
/// In the byte order of the machine, as <see cref="BtfIndexFile"/>. Two names may share a hash: then a module is opened needlessly, and the
/// search in it compares the names themselves.
/// </remarks>
public sealed class ModuleNames
{
    private const int HeadBytes = 16;

    // Increment the last digit with any change of the format or of the hash of names.
    private static readonly ulong Magic = MemoryMarshal.Read<ulong>("RELOmod1"u8);

    private readonly ReadOnlyMemory<byte> _entries;

    private ModuleNames(ReadOnlyMemory<byte> entries) => _entries = entries;

    private ReadOnlySpan<ulong> Entries => MemoryMarshal.Cast<byte, ulong>(_entries.Span);

    /// <summary>The hashes of the names of a module's own types, functions and variables.</summary>
    public static uint[] HashesOf(BtfTypes module)
    {
        var hashes = new HashSet<uint>();
        foreach (var entry in module.Index.Entries) hashes.Add(entry.Hash);
        for (var id = module.FirstId; id < (uint)module.Count; id++)
        {
            var type = module[id];
            if (NameIndex.Covers(type.Kind) || type.NameOffset == 0) continue;
            var name = module.Name(type.NameOffset);
            hashes.Add(NameIndex.Hash(name));
            hashes.Add(NameIndex.Hash(EssentialName.Of(name)));
        }

        return [.. hashes];
    }

    /// <summary>Builds the index.</summary>
    /// <param name="hashes">The result of <see cref="HashesOf"/> for each module, in the order of the modules.</param>
    public static byte[] Write(IReadOnlyList<uint[]> hashes)
    {
        var file = new byte[HeadBytes + (hashes.Sum(h => h.Length) * sizeof(ulong))];
        var entries = MemoryMarshal.Cast<byte, ulong>(file.AsSpan(HeadBytes));
        var at = 0;
        for (var module = 0; module < hashes.Count; module++)
            foreach (var hash in hashes[module]) entries[at++] = Entry(module, hash);
        entries.Sort();
        MemoryMarshal.Write(file, Magic);
        MemoryMarshal.Write(file.AsSpan(8), hashes.Count);
        MemoryMarshal.Write(file.AsSpan(12), Crc.Of(file.AsSpan(HeadBytes)));
        return file;
    }

    /// <summary>Opens the result of <see cref="Write"/>; kept, not copied.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="modules">The number of the kernel's modules.</param>
    /// <returns>Null if the bytes are damaged, or of another version of this program or another number of modules.</returns>
    public static ModuleNames? Open(ReadOnlyMemory<byte> file, int modules)
    {
        var bytes = file.Span;
        if (bytes.Length < HeadBytes || bytes.Length % sizeof(ulong) != 0 || MemoryMarshal.Read<ulong>(bytes) != Magic) return null;
        if (MemoryMarshal.Read<int>(bytes[8..]) != modules || MemoryMarshal.Read<uint>(bytes[12..]) != Crc.Of(bytes[HeadBytes..]))
            return null;
        return new(file[HeadBytes..]);
    }

    /// <summary>Whether the module at this index may have a name with this hash.</summary>
    public bool MayHave(int module, uint hash) => Entries.BinarySearch(Entry(module, hash)) >= 0;

    private static ulong Entry(int module, uint hash) => ((ulong)hash << 32) | (uint)module;
}
