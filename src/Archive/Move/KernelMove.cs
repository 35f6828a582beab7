using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Move;

/// <summary>Copies kernels and their modules in batches, each after its BTF.</summary>
internal sealed class KernelMove(IIndexEngine from, IIndexEngine to, ArchiveWriter writer, BlobCopy btf, IProgress<string>? progress)
{
    private const int Batch = 200;

    /// <returns>The number of kernels that were new or had new modules.</returns>
    public async Task<int> RunAsync(List<string> faults, CancellationToken ct)
    {
        int seen = 0, copied = 0;
        for (var after = ""; ;)
        {
            var rows = await PageAsync(from, after, ct);
            if (rows.Count == 0) return copied;
            after = rows[^1].Id;
            seen += rows.Count;
            var missing = await MissingAsync(rows, ct);
            if (missing.Count > 0) copied += await WriteAsync(await SoundAsync(missing, faults, ct), ct);
            progress?.Report($"{seen} kernels, {copied} of them copied");
        }
    }

    private static async Task<List<KernelRow>> PageAsync(IIndexEngine engine, string after, CancellationToken ct)
    {
        await using var db = await engine.CreateDbContextAsync(ct);
        return await db.Kernels.AsNoTracking().Include(k => k.Modules)
            .Where(k => string.Compare(k.Id, after) > 0).OrderBy(k => k.Id).Take(Batch).ToListAsync(ct);
    }

    /// <summary>The kernels that the target lacks; of those it has, the modules that it lacks.</summary>
    private async Task<List<KernelRow>> MissingAsync(List<KernelRow> rows, CancellationToken ct)
    {
        var ids = rows.ConvertAll(row => row.Id);
        await using var db = await to.CreateDbContextAsync(ct);
        var there = await db.Kernels.AsNoTracking().Include(k => k.Modules).Where(k => ids.Contains(k.Id))
            .ToDictionaryAsync(k => k.Id, StringComparer.Ordinal, ct);
        foreach (var row in rows)
            if (there.TryGetValue(row.Id, out var known)) row.Modules.RemoveAll(m => known.Modules.Exists(k => k.Name == m.Name));
        return rows.FindAll(row => !there.ContainsKey(row.Id) || row.Modules.Count > 0);
    }

    /// <summary>Copies the BTF of rows and drops the rows whose BTF is lost: a row must have its blob.</summary>
    private async Task<List<KernelRow>> SoundAsync(List<KernelRow> rows, List<string> faults, CancellationToken ct)
    {
        var blobs = rows.SelectMany(k => k.Modules.Select(m => (Digest.Parse(m.Btf), m.BtfSizeBytes))
            .Prepend((Digest.Parse(k.Btf), k.BtfSizeBytes)));
        var lost = await btf.RunAsync(blobs, ct);
        if (lost.Count == 0) return rows;
        foreach (var row in rows)
        {
            if (lost.TryGetValue(Digest.Parse(row.Btf), out var reason)) faults.Add($"{row.Id}: {reason}");
            foreach (var module in row.Modules)
                if (lost.TryGetValue(Digest.Parse(module.Btf), out var why)) faults.Add($"{row.Id}, module {module.Name}: {why}");
            row.Modules.RemoveAll(m => lost.ContainsKey(Digest.Parse(m.Btf)));
        }

        return rows.FindAll(row => !lost.ContainsKey(Digest.Parse(row.Btf)));
    }

    private Task<int> WriteAsync(List<KernelRow> rows, CancellationToken ct) => writer.WriteAsync(
        async db =>
        {
            var ids = rows.ConvertAll(row => row.Id);
            var there = await db.Kernels.Include(k => k.Modules).Where(k => ids.Contains(k.Id))
                .ToDictionaryAsync(k => k.Id, StringComparer.Ordinal, CancellationToken.None);
            var copied = 0;
            foreach (var row in rows)
            {
                if (there.TryGetValue(row.Id, out var known))
                {
                    var fresh = row.Modules.FindAll(m => !known.Modules.Exists(k => k.Name == m.Name));
                    if (fresh.Count == 0) continue; // its missing modules are lost
                    known.Modules.AddRange(fresh);
                }
                else
                {
                    db.Kernels.Add(row);
                }

                copied++;
            }

            return copied;
        },
        _ => { },
        ct,
        copiesTrail: true);
}
