using Microsoft.EntityFrameworkCore;

namespace Relo.Archive.Index;

/// <summary>The number of objects and tags, and the objects' bytes. Database triggers maintain it.</summary>
internal sealed record ObjectTotals(long Count, long Bytes, long Tags)
{
    /// <summary>Reads the totals as the current transaction sees them; takes one look-up.</summary>
    public static Task<ObjectTotals> ReadAsync(ArchiveDb db) =>
        db.Database.SqlQuery<ObjectTotals>($"""SELECT Count AS "Count", Bytes AS "Bytes", Tags AS "Tags" FROM ObjectTotals WHERE Id = 1""")
            .SingleAsync();
}
