using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;

namespace Relo.Archive.Move;

/// <summary>Finds data that only the target has, which shows that it does not come from an earlier run of the same move.</summary>
internal sealed class MoveCheck(IIndexEngine from, IIndexEngine to)
{
    private const int Batch = 500;

    /// <returns>The first such row, for messages; null if there is none.</returns>
    public async Task<string?> OtherThanHereAsync(CancellationToken ct) => await OtherKernelAsync(ct) ?? await OtherObjectAsync(ct);

    private async Task<string?> OtherKernelAsync(CancellationToken ct)
    {
        for (var after = ""; ;)
        {
            List<KernelRow> there;
            await using (var db = await to.CreateDbContextAsync(ct))
                there = await db.Kernels.AsNoTracking().Include(k => k.Modules)
                    .Where(k => string.Compare(k.Id, after) > 0).OrderBy(k => k.Id).Take(Batch).ToListAsync(ct);
            if (there.Count == 0) return null;
            after = there[^1].Id;
            var ids = there.ConvertAll(k => k.Id);
            await using var own = await from.CreateDbContextAsync(ct);
            var here = await own.Kernels.AsNoTracking().Include(k => k.Modules).Where(k => ids.Contains(k.Id))
                .ToDictionaryAsync(k => k.Id, StringComparer.Ordinal, ct);
            foreach (var kernel in there)
            {
                if (!here.TryGetValue(kernel.Id, out var same)) return $"kernel {kernel.Id} is not in this archive";
                if (same.Btf != kernel.Btf) return $"kernel {kernel.Id} has other BTF than in this archive";
                if (kernel.Modules.Find(m => !same.Modules.Exists(s => s.Name == m.Name && s.Btf == m.Btf)) is { } module)
                    return $"module {module.Name} of kernel {kernel.Id} is not in this archive, or has other BTF here";
            }
        }
    }

    private async Task<string?> OtherObjectAsync(CancellationToken ct)
    {
        for (var after = ""; ;)
        {
            List<string> there;
            await using (var db = await to.CreateDbContextAsync(ct))
                there = await db.Objects.Where(o => string.Compare(o.Digest, after) > 0)
                    .OrderBy(o => o.Digest).Take(Batch).Select(o => o.Digest).ToListAsync(ct);
            if (there.Count == 0) return null;
            after = there[^1];
            await using var own = await from.CreateDbContextAsync(ct);
            var here = await own.Objects.Where(o => there.Contains(o.Digest)).Select(o => o.Digest).ToHashSetAsync(ct);
            if (there.Find(digest => !here.Contains(digest)) is { } other) return $"object {other} is not in this archive";
        }
    }
}
