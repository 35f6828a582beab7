using System.Globalization;
using System.Text;

namespace Relo.Archive.Index;

/// <summary>One entry of the audit trail: who changed what, and the hash of the entry before. Rows are only ever added.</summary>
internal sealed class AuditRow
{
    /// <summary>The previous hash in the first entry.</summary>
    public static readonly string Nothing = "sha256:" + new string('0', 64);

    /// <summary>Increases by one with each entry.</summary>
    public required long Number { get; init; }

    /// <summary>When, in UTC ticks of whole milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>Who (<see cref="Actor"/>).</summary>
    public required string By { get; init; }

    /// <summary>One of <see cref="AuditAction"/>.</summary>
    public required string Action { get; init; }

    /// <summary>The digest of an object, a tag, the id of a kernel, or that id and the name of a module.</summary>
    public required string Subject { get; init; }

    /// <summary>The digest of the object or BTF, <c>sha256:…</c>; null if the action has none.</summary>
    public string? Digest { get; init; }

    /// <summary>Where an added kernel comes from; otherwise null.</summary>
    public string? Source { get; init; }

    /// <summary>The hash of the entry before, <c>sha256:…</c>.</summary>
    public required string Previous { get; init; }

    /// <summary>The hash of this entry, <c>sha256:…</c>.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>The time in the form that is hashed and shown.</summary>
    public string Time => new DateTime(At, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The entry after another; null for the first.</summary>
    public static AuditRow After(AuditRow? last, Change change, DateTimeOffset now)
    {
        var row = new AuditRow
        {
            Number = (last?.Number ?? 0) + 1,
            At = now.UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond,
            By = OneLine(Actor.Current),
            Action = change.Action,
            Subject = OneLine(change.Subject),
            Digest = change.Digest,
            Source = change.Source is { } source ? OneLine(source) : null,
            Previous = last?.Hash ?? Nothing,
        };
        row.Hash = row.ComputedHash();
        return row;
    }

    /// <summary>SHA-256 of the other members as UTF-8, one per line. No member contains a line break.</summary>
    public string ComputedHash() => Core.Bytes.Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n',
        Number.ToString(CultureInfo.InvariantCulture), Previous, Time, By, Action, Subject, Digest, Source))).ToString();

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>What changed.</summary>
    internal readonly record struct Change(string Action, string Subject, string? Digest, string? Source = null);
}
