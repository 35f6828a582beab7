namespace Relo.Core.Objects;

/// <summary>
/// Groups the records that are relocated together and so share and narrow the same lists of candidates:
/// <code>
///   .BTF.ext order   kprobe/a  ?kprobe/b  .text  kprobe/c  ?kprobe/d  ?kprobe/b
///   batches          [kprobe/a  .text  kprobe/c]  [?kprobe/b  ?kprobe/b]  [?kprobe/d]
/// </code>
/// </summary>
/// <remarks>
/// libbpf skips the records of a program that is not loaded (bpf_object__relocate_core: <c>if (!prog->autoload) continue</c>), so the first
/// batch is what libbpf does by default. Records in .text and records in no program are never skipped. An optional program is relocated as
/// if it were the only program of the object: with the candidates of its own records, not narrowed by others. If it is enabled beside
/// others, libbpf also lets their records narrow its candidates; which ones is not known before load time, and it matters only for several
/// kernel types of one name.
/// </remarks>
internal static class RecordBatches
{
    public static int[][] Of(CoreRecord[] records)
    {
        var always = new List<int>(records.Length);
        var optional = new OrderedDictionary<BpfProgram, List<int>>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < records.Length; i++)
        {
            if (!records[i].IsOptional)
            {
                always.Add(i);
                continue;
            }
            if (!optional.TryGetValue(records[i].Program!, out var own)) optional.Add(records[i].Program!, own = []);
            own.Add(i);
        }
        return [[.. always], .. optional.Values.Select(own => own.ToArray())];
    }
}
