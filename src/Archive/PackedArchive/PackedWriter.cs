using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relo.Archive.Blobs;
using Relo.Archive.Kernels;
using Relo.Core.StableForms;

namespace Relo.Archive.PackedArchive;

/// <summary>Writes the entries of a packed archive. The same kernels give the same bytes.</summary>
internal sealed class PackedWriter(Stream output) : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly TarWriter _tar = new(output, TarEntryFormat.Gnu, leaveOpen: true);

    /// <summary>The first entry.</summary>
    public void WriteHead(int kernels) =>
        Write(PackedHead.Entry, new PackedHead(PackedHead.CurrentFormat, kernels), PackedJson.Default.PackedHead);

    /// <summary>Packs the BTF of a kernel.</summary>
    /// <param name="btf">Its raw BTF.</param>
    /// <param name="baseForm">The stable form of its base; null to store it alone.</param>
    public static PackedBtf Pack(ReadOnlySpan<byte> btf, ReadOnlySpan<byte> baseForm) =>
        !baseForm.IsEmpty && StableForm.Write(btf) is { } form
            ? new(PackedForm.Difference, Zstd.Compress(form, baseForm, isQuick: true), form.Length)
            : new(PackedForm.Alone, Zstd.Compress(btf), 0);

    /// <summary>Writes a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="btf">Its packed BTF.</param>
    /// <param name="modules">Its modules and inline sites, with their bytes.</param>
    public void Write(Kernel kernel, PackedBtf btf, IReadOnlyList<(KernelModule Module, byte[] Btf)> modules)
    {
        var packed = new PackedKernel(
            kernel.Distro, kernel.Version, kernel.Arch, kernel.Release, kernel.Btf.Hex, (int)kernel.BtfSizeBytes, btf.Form)
        {
            BuildId = kernel.BuildId,
            Banner = kernel.Banner,
            StableFormBytes = btf.StableFormBytes,
            Modules = [.. modules.Select(m => new PackedModule(m.Module.Name, m.Module.Btf.Hex, m.Btf.Length))],
        };
        Write(PackedHead.EntryOf(kernel.Id, PackedHead.Json), packed, PackedJson.Default.PackedKernel);
        if (btf.Form != PackedForm.Same) Write(PackedHead.EntryOf(kernel.Id, PackedHead.Btf), btf.Bytes);
        if (modules.Count > 0)
            Write(PackedHead.EntryOf(kernel.Id, PackedHead.Modules), Zstd.Compress([.. modules.SelectMany(m => m.Btf)]));
    }

    /// <summary>Ends the tar.</summary>
    public void Dispose() => _tar.Dispose();

    private void Write<T>(string name, T value, JsonTypeInfo<T> type) => Write(name, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private void Write(string name, byte[] bytes)
    {
        using var content = new MemoryStream(bytes, writable: false);
        _tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = content,
            ModificationTime = DateTimeOffset.UnixEpoch,
            Mode = Mode,
        });
    }
}
