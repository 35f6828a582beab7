using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;

namespace Relo.Core.Relocation;

/// <summary>
/// Resolves the accesses of one object on one kernel, in relocation order: candidates, match, value, ambiguity (bpf_core_calc_relo_insn of
/// libbpf). Not thread-safe.
/// </summary>
internal sealed class Resolver(BpfObject bpf, KernelTypes kernel, WorkBudget work)
{
    /// <summary>A resolution, its target and the candidates that were considered.</summary>
    private const int KeptPerResolution = 4;

    private readonly Dictionary<uint, CandidateList> _candidates = [];
    private int _start;
    private readonly Known[] _known = new Known[bpf.Specs.Length];
    private readonly CandidateSearch _search = new(bpf.Types, kernel, work);
    private readonly SpecMatcher _matcher = new(work);
    private readonly List<int> _matched = [];

    /// <summary>The modules that were searched.</summary>
    public IReadOnlyList<ModuleTypes> Modules => _search.Searched;

    /// <summary>Restores all dropped candidates.</summary>
    public void StartOver()
    {
        _candidates.Clear();
        _start++;
    }

    /// <summary>The resolution of access <paramref name="index"/> of the object; null, with the error, if libbpf fails.</summary>
    public (Resolution? Resolution, ResolutionError Error) Resolve(int index)
    {
        var known = _known[index];
        if (known.Resolution is not null && known.Start == _start && known.Version == known.Candidates.Version)
            return (known.Resolution, default);
        var (relo, spec, parseError) = bpf.Specs[index];
        if (known.Resolution is not null && known.Version == 0 && IsWhole(relo.TypeId)) return (known.Resolution, default);
        if (relo.TypeId >= (uint)bpf.Types.Count) return Failed(Errno.EInval);
        CandidateList? candidates = null;
        if (relo.Kind != CoreReloKind.TypeIdLocal && !_candidates.TryGetValue(relo.TypeId, out candidates))
        {
            candidates = _search.Find(relo.TypeId);
            if (candidates is null) return Failed(Errno.EInval, $"target candidate search failed for {LocalRoot(relo)}: {Errno.EInval}");
            _candidates.Add(relo.TypeId, candidates);
        }
        if (spec is null)
            return Failed(Errno.EInval, $"parsing {LocalRoot(relo)} + {bpf.Types.NameText(relo.AccessOffset)} failed: {parseError}");
        // The id of a local type does not depend on the kernel. Linking may have changed it, so the instruction is not validated.
        if (candidates is null) return (Resolution.OfLocalId(spec), default);

        var result = Match(spec, candidates);
        if (result.Resolution is not null) _known[index] = new(candidates, candidates.Version, _start, result.Resolution);
        return result;
    }

    /// <summary>
    /// Whether no candidate of the local type was dropped. Then an earlier resolution made without dropped candidates is valid.
    /// </summary>
    private bool IsWhole(uint localId) => !_candidates.TryGetValue(localId, out var candidates) || candidates.Version == 0;

    private (Resolution? Resolution, ResolutionError Error) Match(AccessSpec local, CandidateList candidates)
    {
        Resolution? first = null;
        var nearest = Miss.NoType;
        var items = candidates.Items;
        var considered = new ConsideredCandidates(items);
        _matched.Clear();
        for (var i = 0; i < items.Length; i++)
        {
            var match = _matcher.Match(local, items[i].Types, items[i].Id);
            if (match == Errno.Budget) return (null, ResolutionError.OutOfBudget);
            if (match < 0) return Failed(match, $"{ResolutionError.OfCandidate} #{i} {_matcher.Target.ToSpec().LibbpfText}: {match}");
            if (match == 0)
            {
                if (_matcher.Miss > nearest) nearest = _matcher.Miss;
                continue;
            }
            considered.Add(i);
            if (first is null)
            {
                var result = Calculate(local, _matcher.Target.ToSpec(), considered, Miss.None);
                if (result.Resolution is null) return result;
                first = result.Resolution;
            }
            else if (Disagreement(local, first) is { } failed) return (null, failed);
            _matched.Add(i);
        }
        if (!work.PayToKeep(KeptPerResolution)) return (null, ResolutionError.OutOfBudget);
        if (candidates.IsPrunedBy(_matched))
        {
            if (!work.PayToKeep(_matched.Count)) return (null, ResolutionError.OutOfBudget);
            candidates.Prune(_matched);
        }
        return first is null ? Calculate(local, null, considered, nearest) : (first, default);
    }

    /// <summary>The error if the candidate that just matched differs from the first match, in offset or in value.</summary>
    private ResolutionError? Disagreement(AccessSpec local, Resolution first)
    {
        var target = _matcher.Target.End;
        var now = ValueOf(target, local.Kind);
        if (now.Error != 0) return new(now.Error, ErrorText(local.Kind, now.Error));
        if (target.BitOffset != first.Target!.BitOffset)
            return new(Errno.EInval, $"field offset ambiguity: {target.BitOffset} != {first.Target.BitOffset}");
        // A candidate that matched has a value. The "failure" of libbpf's text is for poison, which occurs only if no candidate matched.
        return now.Value == first.TargetValue
            ? null
            : new(Errno.EInval, $"relocation decision ambiguity: success {now.Value} != success {first.TargetValue}");
    }

    /// <summary>Local and target value, and whether loads can adapt to a change of size (bpf_core_calc_relo of libbpf).</summary>
    private (Resolution? Resolution, ResolutionError Error) Calculate(
        AccessSpec local, AccessSpec? target, ConsideredCandidates considered, Miss miss)
    {
        var was = ValueOf(local.End, local.Kind);
        var now = was.Error != 0 ? was : ValueOf(target?.End, local.Kind);
        if (now.Error == AccessValue.PoisonRequest)
            return (new(was.Value, 0, true, was.Validate, false, was.FieldSize, 0, target, miss, considered), default);
        if (now.Error != 0) return Failed(now.Error, ErrorText(local.Kind, now.Error));
        var mismatch = was.FieldSize != now.FieldSize && !CanResize(local, was.FieldTypeId, target!, now.FieldTypeId);
        return (
            new(was.Value, now.Value, false, was.Validate, mismatch, was.FieldSize, now.FieldSize, target, miss, considered), default);
    }

    private AccessValue ValueOf(AccessEnd? spec, CoreReloKind kind)
    {
        if (kind.IsFieldBased()) return FieldValue.Calculate(spec, kind, bpf.Elf.IsBigEndian, work);
        return kind.IsTypeBased() ? TypeValue.Calculate(spec, kind) : EnumValue.Calculate(spec, kind);
    }

    /// <summary>
    /// Whether a load may change its width: zero extension preserves only pointers (of a 32-bit kernel) and unsigned integers.
    /// </summary>
    private static bool CanResize(AccessSpec local, uint localId, AccessSpec target, uint targetId)
    {
        var (l, t) = (local.Types[localId], target.Types[targetId]);
        if (l.Kind == BtfKind.Ptr && t.Kind == BtfKind.Ptr) return true;
        // libbpf compares the whole encoding, so a signed char that also has its char bit set does not count as signed.
        return l.Kind == BtfKind.Int && t.Kind == BtfKind.Int
            && local.Types.Int(l).Encoding != BtfInt.SignedEncoding && target.Types.Int(t).Encoding != BtfInt.SignedEncoding;
    }

    private static string? ErrorText(CoreReloKind kind, int error) => error switch
    {
        Errno.E2Big => $"relo {(uint)kind} can't be satisfied for bitfield",
        Errno.EOpNotSupp => $"unrecognized CO-RE relocation {kind.LibbpfName()} ({(uint)kind})",
        _ when kind is CoreReloKind.FieldSigned or CoreReloKind.FieldLshiftU64 or CoreReloKind.FieldRshiftU64 =>
            $"relo {(uint)kind} can't be applied to array access",
        _ => null,
    };

    private static (Resolution? Resolution, ResolutionError Error) Failed(int error, string? message = null) => (null, new(error, message));

    /// <summary>The root of an access as libbpf prints it: <c>[5] struct task_struct</c>.</summary>
    private string LocalRoot(CoreRelo relo)
    {
        var type = bpf.Types[relo.TypeId];
        var name = bpf.Types.NameText(type.NameOffset);
        return $"[{relo.TypeId}] {type.Kind.LibbpfName()} {(name.Length == 0 ? "<anon>" : name)}";
    }

    /// <summary>A resolution with its candidates: it is valid until one of them is dropped.</summary>
    private readonly record struct Known(CandidateList Candidates, int Version, int Start, Resolution? Resolution);
}
