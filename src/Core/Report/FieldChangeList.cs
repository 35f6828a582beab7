using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;

namespace Relo.Core.Report;

/// <summary>The field changes of a report, each printed when it is read.</summary>
internal sealed class FieldChangeList(BpfObject bpf, ChangedAccess[] changes, long nameBytes) : IReadOnlyList<FieldChange>
{
    public int Count => changes.Length;

    /// <summary>The kernel types that were read in addition to the accessed types and everything that those contain.</summary>
    public IReadOnlySet<(BtfTypes Types, BtfType Type)> Pointees { get; init; } = new HashSet<(BtfTypes, BtfType)>();

    /// <summary>The number of fields whose offset differs.</summary>
    public int Moved => changes.Count(HasMoved);

    /// <summary>Bytes of memory that the list holds, without the object.</summary>
    public long HeldBytes => nameBytes
        + changes.Sum(change => Unsafe.SizeOf<ChangedAccess>() + (sizeof(int) * change.Uses.LongLength));

    public FieldChange this[int index] => Print(changes[index]);

    public IEnumerator<FieldChange> GetEnumerator()
    {
        foreach (var change in changes) yield return Print(change);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The changes printed, each as one value for all kernels that have it.</summary>
    /// <param name="known">The changes of other kernels.</param>
    /// <param name="keep">Counts the characters of new ones.</param>
    public FieldChange[] ToShared(ConcurrentDictionary<ChangedAccess, FieldChange> known, Action<long> keep)
        => Array.ConvertAll(changes, change =>
    {
        if (known.TryGetValue(change, out var printed)) return printed;
        keep(CharactersOf(bpf, change));
        return known.GetOrAdd(change, Print(change));
    });

    /// <summary>Characters of a change's texts.</summary>
    public static int CharactersOf(BpfObject bpf, in ChangedAccess change)
    {
        var local = bpf.Specs[change.Spec].Spec!;
        var raw = local.Kind.IsTypeBased() ? 0 : local.RawText.Length;
        return local.RootText.Length + local.PathText.Length + raw + (change.TargetType?.Length ?? 0) + change.ProposalCharacters;
    }

    private FieldChange Print(in ChangedAccess change)
    {
        var local = bpf.Specs[change.Spec].Spec!;
        var (was, now) = (FieldPlace.Of(local), change.Place);
        return new(
            local.RootText,
            local.PathText is { Length: > 0 } path ? path.TrimStart('.', ':') : null,
            local.Kind.IsTypeBased() ? "0" : local.RawText,
            change.Change,
            was.OffsetBytes, now?.OffsetBytes, was.SizeBytes, now?.SizeBytes, was.BitOffset, now?.BitOffset,
            change.TargetType,
            change.Uses)
        {
            Proposal = change.Proposal,
        };
    }

    private bool HasMoved(ChangedAccess change)
    {
        if (change.Place is not { OffsetBytes: not null } now) return false;
        var was = FieldPlace.Of(bpf.Specs[change.Spec].Spec!);
        return was.OffsetBytes != now.OffsetBytes || was.BitOffset != now.BitOffset;
    }
}
