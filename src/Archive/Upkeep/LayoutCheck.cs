using System.Data.Common;
using Relo.Archive.Index;
using Relo.Archive.Layouts;
using Relo.Core.Fingerprints;
using Relo.Core.Relocation;

namespace Relo.Archive.Upkeep;

/// <summary>Compares the layouts in the database with those of the BTF.</summary>
internal sealed class LayoutCheck
{
    private readonly LayoutSnapshot _stored = new();

    /// <summary>Why the layouts cannot be read; null if they were read.</summary>
    public string? Fault { get; private init; }

    /// <summary>Reads all layouts.</summary>
    public static async Task<LayoutCheck> ReadAsync(IIndexEngine engine, CancellationToken ct)
    {
        var check = new LayoutCheck();
        try
        {
            await using var db = engine.CreateDbContext();
            check._stored.Add(await check._stored.ReadAsync(db, ct));
            return check;
        }
        catch (DbException e)
        {
            return new() { Fault = $"tables KernelLayouts, LayoutSets and LayoutBlocks cannot be read to the end: {e.Message}" };
        }
    }

    /// <summary>Whether the database has layouts of the BTF that this kernel has now.</summary>
    public bool Has(KernelRow row) => _stored.SetOf(row.ToKernel()) is not null;

    /// <summary>The fault of a kernel's layouts; null if they are those of its BTF.</summary>
    public string? FaultOf(KernelRow row, KernelTypes types)
    {
        if (_stored.SetOf(row.ToKernel()) is not { } set || KernelFingerprints.Of(types) is not { } layouts) return null;
        var wanted = layouts.All.Select(layout => _stored.Numbers.Find(layout.Key, layout.Fingerprint)).ToHashSet();
        return wanted.SetEquals(_stored.NumbersOf(set))
            ? null
            : "its layouts in the database are not those of its BTF; "
                + $"to have the service read them again, run: DELETE FROM KernelLayouts WHERE KernelId = '{row.Id}'";
    }
}
