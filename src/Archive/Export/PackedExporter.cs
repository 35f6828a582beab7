using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.PackedArchive;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.StableForms;

namespace Relo.Archive.Export;

/// <summary>
/// Exports all kernels with their modules into one file, for a site without a network. Kernels that share most layouts are stored as
/// differences, so the file is far smaller than the same kernels in BTFHub's layout. <see cref="Import.PackedImporter"/> reads it.
/// </summary>
internal sealed class PackedExporter(ArchiveBlobs blobs, KernelIndex index)
{
    private const string Written = "written", Failed = "failed";

    private readonly PackedBlobs _btf = blobs.Btf;

    /// <summary>Writes the file. It gets its name when it is complete.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="progress">Receives each kernel.</param>
    /// <param name="ct">Stops the export; nothing is left behind.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="CorruptBlobException">BTF was damaged while the export ran.</exception>
    /// <exception cref="BlobLostException">BTF was deleted while the export ran.</exception>
    public async Task<ExportSummary> ExportAsync(string path, IProgress<ExportProgress>? progress, CancellationToken ct)
    {
        List<FailedExport> failed = [];
        var lines = await LinesAsync(failed, ct);
        var (sound, lost) = (lines.Sum(line => line.Sum(btf => btf.Count())), failed.Count);
        foreach (var (kernel, done) in failed.Select((fault, i) => (fault.Kernel, i + 1)))
            progress?.Report(new(done, sound + lost, kernel, Failed));
        var half = path + ".half";
        try
        {
            await using (var file = File.Create(half))
            {
                using var writer = new PackedWriter(file);
                writer.WriteHead(sound);
                var done = lost;
                foreach (var line in lines)
                    await WriteAsync(writer, line, failed, id => progress?.Report(new(++done, sound + lost, id, Written)), ct);
            }

            File.Move(half, path, overwrite: true);
        }
        finally
        {
            File.Delete(half);
        }

        return new(sound, 0, [.. failed.OrderBy(f => f.Kernel, StringComparer.Ordinal)]);
    }

    /// <summary>
    /// The kernels in lines: first the one that is stored alone, then those that are stored as differences to it. Kernels with the same BTF
    /// are one member.
    /// </summary>
    private async Task<List<List<IGrouping<Digest, Kernel>>>> LinesAsync(List<FailedExport> failed, CancellationToken ct)
    {
        List<List<IGrouping<Digest, Kernel>>> lines = [];
        foreach (var similar in index.Matching(new()).GroupBy(kernel => (kernel.Distro, kernel.Arch)))
        {
            var (like, ofNumber) = (new LikeKernels(), new List<List<IGrouping<Digest, Kernel>>>());
            foreach (var same in similar.OrderBy(kernel => kernel.Release, NaturalOrder.Instance).GroupBy(kernel => kernel.Btf))
            {
                ct.ThrowIfCancellationRequested();
                try
                {
                    using var blob = await _btf.ReadAsync(same.Key, ct);
                    if (blob is null)
                    {
                        failed.AddRange(same.Select(kernel => new FailedExport(kernel.Id, $"its BTF {kernel.Btf} is missing")));
                        continue;
                    }

                    var number = like.BaseOf(BtfReader.Read(blob.Memory));
                    if (number == ofNumber.Count) lines.Add([]);
                    ofNumber.Add(number == ofNumber.Count ? lines[^1] : ofNumber[number]);
                    ofNumber[number].Add(same);
                }
                catch (Exception e) when (e is CorruptBlobException or MalformedObjectException)
                {
                    failed.AddRange(same.Select(kernel => new FailedExport(kernel.Id, e.Message)));
                }
            }
        }

        return lines;
    }

    private async Task WriteAsync(
        PackedWriter writer, List<IGrouping<Digest, Kernel>> line, List<FailedExport> failed, Action<string> isWritten,
        CancellationToken ct)
    {
        var baseForm = line.Count > 1 ? StableForm.Write((await BytesAsync(line[0].Key, ct)).Span) : null;
        List<(IGrouping<Digest, Kernel> Same, PackedBtf Btf)> alone = [];
        foreach (var some in line.Chunk(Environment.ProcessorCount))
        {
            // Compressing takes nearly all of the time.
            var packed = await Task.WhenAll(some.Select((same, i) => Task.Run(
                async () => PackedWriter.Pack((await BytesAsync(same.Key, ct)).Span, some[i] == line[0] ? default : baseForm), ct)));
            foreach (var (same, btf) in some.Zip(packed))
            {
                if (btf.Form == PackedForm.Alone && same != line[0]) alone.Add((same, btf));
                else await WriteSameAsync(same, btf);
            }
        }

        // After the differences: each of these would be taken for their base.
        foreach (var (same, btf) in alone) await WriteSameAsync(same, btf);

        async Task WriteSameAsync(IGrouping<Digest, Kernel> same, PackedBtf btf)
        {
            foreach (var kernel in same)
            {
                writer.Write(kernel, btf, await ModulesAsync(kernel, failed, ct));
                btf = new(PackedForm.Same, [], 0);
                isWritten(kernel.Id);
            }
        }
    }

    private async Task<List<(KernelModule, byte[])>> ModulesAsync(Kernel kernel, List<FailedExport> failed, CancellationToken ct)
    {
        List<(KernelModule, byte[])> modules = [];
        foreach (var module in kernel.ModuleBtf.Concat(kernel.InlineBtf))
        {
            try
            {
                modules.Add((module, (await BytesAsync(module.Btf, ct)).ToArray()));
            }
            catch (Exception e) when (e is CorruptBlobException or BlobLostException)
            {
                failed.Add(new(kernel.Id, $"module {module.Name}: {e.Message}"));
            }
        }

        return modules;
    }

    // Reading checks the digest: a damaged blob must not spread.
    private async Task<ReadOnlyMemory<byte>> BytesAsync(Digest digest, CancellationToken ct)
    {
        using var blob = await _btf.ReadAsync(digest, ct) ?? throw new BlobLostException(digest, $"{_btf.NameOf(digest)} is missing");
        return blob.Memory.ToArray();
    }
}
