using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;

namespace Relo.Core.Relocation;

/// <summary>
/// Answers accesses for one object and one kernel, in the order they are asked: candidates, match, value, ambiguity
/// (bpf_core_calc_relo_insn of libbpf). Not for several threads.
/// </summary>
internal sealed class Resolver(BpfObject bpf, BtfTypes kernel, IEnumerable<ModuleTypes> modules, WorkBudget work)
{
    /// <summary>A resolution, its target and the candidates that were considered.</summary>
    private const int KeptPerAnswer = 4;

    private readonly Dictionary<uint, CandidateList> _candidates = [];
    private int _start;
    private readonly Answer[] _answers = new Answer[bpf.Specs.Length];
    private readonly CandidateSearch _search = new(bpf.Types, kernel, modules, work);
    private readonly SpecMatcher _matcher = new(work);
    private readonly List<int> _matched = [];

    /// <summary>The modules that were looked into.</summary>
    public IReadOnlyList<ModuleTypes> Modules => _search.Searched;

    /// <summary>Goes on with all candidates, as if nothing had been asked yet.</summary>
    public void StartOver()
    {
        _candidates.Clear();
        _start++;
    }

    /// <summary>The answer for access number <paramref name="index"/> of the object.</summary>
    public ResolveResult Resolve(int index)
    {
        var known = _answers[index];
        if (known.Resolution is not null && known.Start == _start && known.Version == known.Candidates.Version) return known.Resolution;
        var local = bpf.Specs[index];
        if (known.Resolution is not null && known.Version == 0 && IsWhole(local.Relo.TypeId)) return known.Resolution;
        if (local.Relo.TypeId >= (uint)bpf.Types.Count) return ResolveResult.Failed(Errno.EInval, null);
        CandidateList? candidates = null;
        if (local.Relo.Kind != CoreReloKind.TypeIdLocal && !_candidates.TryGetValue(local.Relo.TypeId, out candidates))
        {
            candidates = _search.Find(local.Relo.TypeId);
            if (candidates is null) return ResolveResult.Failed(Errno.EInval, $"target candidate search failed for [{local.Relo.TypeId}] {LocalRoot(local.Relo)}: {Errno.EInval}");
            _candidates.Add(local.Relo.TypeId, candidates);
        }
        if (local.Spec is null) return ResolveResult.Failed(Errno.EInval, $"parsing [{local.Relo.TypeId}] {LocalRoot(local.Relo)} + {bpf.Types.NameText(local.Relo.AccessOffset)} failed: {local.Error}");
        // The id of a local type is what it is; linking may have changed it, so the instruction is not checked.
        if (candidates is null) return new Resolution(local.Relo.TypeId, local.Relo.TypeId, false, false, false, 0, 0, local.Spec, Miss.None, []);

        var result = Ask(local.Spec, candidates);
        if (result.Resolution is not null) _answers[index] = new(candidates, candidates.Version, _start, result.Resolution);
        return result;
    }

    /// <summary>Whether no candidate of the local type was dropped: then an answer that dropped none holds, from whichever start it is.</summary>
    private bool IsWhole(uint localId) => !_candidates.TryGetValue(localId, out var candidates) || candidates.Version == 0;

    private ResolveResult Ask(AccessSpec local, CandidateList candidates)
    {
        Resolution? first = null;
        var nearest = Miss.NoType;
        var items = candidates.Items;
        var considered = new ConsideredCandidates(items);
        _matched.Clear();
        for (var i = 0; i < items.Length; i++)
        {
            var candidate = items[i];
            var match = _matcher.Match(local, candidate.Types, candidate.Id);
            if (match == Errno.Budget) return OutOfBudget;
            if (match < 0) return ResolveResult.Failed(match, $"error matching candidate #{i} {_matcher.Target.ToSpec().LibbpfText}: {match}");
            if (match == 0)
            {
                if (_matcher.Miss > nearest) nearest = _matcher.Miss;
                continue;
            }
            considered.Add(i);
            if (first is null)
            {
                var result = Calculate(local, _matcher.Target.ToSpec(), considered, Miss.None);
                if (result.Resolution is not { } answer) return result;
                first = answer;
            }
            else if (Disagreement(local, first) is { } failed) return failed;
            _matched.Add(i);
        }
        if (!work.PayToKeep(KeptPerAnswer)) return OutOfBudget;
        if (candidates.IsPrunedBy(_matched))
        {
            if (!work.PayToKeep(_matched.Count)) return OutOfBudget;
            candidates.Prune(_matched);
        }
        return first ?? Calculate(local, null, considered, nearest);
    }

    /// <summary>Whether the candidate just matched says something else than the first one; by place, then by value.</summary>
    private ResolveResult? Disagreement(AccessSpec local, Resolution first)
    {
        var target = _matcher.Target.End;
        var now = ValueOf(target, local.Kind);
        if (now.Error != 0) return ResolveResult.Failed(now.Error, ErrorText(local.Kind, now.Error));
        if (target.BitOffset != first.Target!.BitOffset) return ResolveResult.Failed(Errno.EInval, $"field offset ambiguity: {target.BitOffset} != {first.Target.BitOffset}");
        // A candidate that matched has a value: "failure" of libbpf's text is for poison, which only no match at all brings.
        return now.Value == first.TargetValue ? (ResolveResult?)null : ResolveResult.Failed(Errno.EInval, $"relocation decision ambiguity: success {now.Value} != success {first.TargetValue}");
    }

    /// <summary>Local and target value, and whether loads can follow a change of size (bpf_core_calc_relo of libbpf).</summary>
    private ResolveResult Calculate(AccessSpec local, AccessSpec? target, ConsideredCandidates considered, Miss miss)
    {
        var was = ValueOf(local.End, local.Kind);
        var now = was.Error != 0 ? was : ValueOf(target?.End, local.Kind);
        if (now.Error == FixupValue.PoisonRequest) return new Resolution(was.Value, 0, true, was.Validate, false, was.FieldSize, 0, target, miss, considered);
        if (now.Error != 0) return ResolveResult.Failed(now.Error, ErrorText(local.Kind, now.Error));
        var mismatch = was.FieldSize != now.FieldSize && !CanResize(local, was.FieldTypeId, target!, now.FieldTypeId);
        return new Resolution(was.Value, now.Value, false, was.Validate, mismatch, was.FieldSize, now.FieldSize, target, miss, considered);
    }

    private FixupValue ValueOf(AccessEnd? spec, CoreReloKind kind)
    {
        if (kind.IsFieldBased()) return FieldFixup.Calculate(spec, kind, bpf.Elf.IsBigEndian, work);
        return kind.IsTypeBased() ? TypeFixup.Calculate(spec, kind) : EnumFixup.Calculate(spec, kind);
    }

    /// <summary>Zero extension keeps the value of pointers (of a 32-bit kernel) and unsigned integers; nothing else may change its width.</summary>
    private static bool CanResize(AccessSpec local, uint localId, AccessSpec target, uint targetId)
    {
        var (l, t) = (local.Types[localId], target.Types[targetId]);
        if (l.Kind == BtfKind.Ptr && t.Kind == BtfKind.Ptr) return true;
        // libbpf compares the whole encoding: only "signed" alone counts, a signed char with its char bit set does not.
        return l.Kind == BtfKind.Int && t.Kind == BtfKind.Int
            && local.Types.Int(l).Encoding != BtfInt.SignedEncoding && target.Types.Int(t).Encoding != BtfInt.SignedEncoding;
    }

    private static string? ErrorText(CoreReloKind kind, int error) => error switch
    {
        Errno.E2Big => $"relo {(uint)kind} can't be satisfied for bitfield",
        Errno.EOpNotSupp => $"unrecognized CO-RE relocation {kind.LibbpfName()} ({(uint)kind})",
        _ when kind is CoreReloKind.FieldSigned or CoreReloKind.FieldLshiftU64 or CoreReloKind.FieldRshiftU64 => $"relo {(uint)kind} can't be applied to array access",
        _ => null,
    };

    /// <summary>An answer that was given, and to which candidates: it holds as long as none of them is dropped.</summary>
    private readonly record struct Answer(CandidateList Candidates, int Version, int Start, Resolution? Resolution);

    internal static ResolveResult OutOfBudget => ResolveResult.Failed(Errno.Budget, "too much work: the types are nested or repeated beyond any real kernel's");

    private string LocalRoot(CoreRelo relo)
    {
        var type = bpf.Types[relo.TypeId];
        var name = bpf.Types.NameText(type.NameOffset);
        return $"{type.Kind.LibbpfName()} {(name.Length == 0 ? "<anon>" : name)}";
    }
}
