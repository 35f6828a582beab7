using Relo.Core.Bpf;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Checks;

/// <summary>
/// What an object needs of the kernel, besides the types that its CO-RE records ask about. Independent of the kernel.
/// </summary>
public static class ObjectNeeds
{
    private const string Bpf = "bpf_";

    // Real objects have a few hundred programs.
    private const int MaxPrograms = 4096;

    /// <summary>The needs, in the order of <see cref="NeedKind"/>, each once.</summary>
    public static IReadOnlyList<Need> Of(BpfObject bpf)
    {
        var inputs = LoaderInputs.Of(bpf);
        var entries = bpf.Programs.Where(program => !program.IsSubprogram || bpf.Programs.Length == 1).Take(MaxPrograms + 1).ToList();
        IEnumerable<Need> needs =
        [
            .. Helpers(bpf, inputs), .. Externs(bpf, inputs), .. MapTypesOf(bpf), .. Programs(entries), .. StructOpsNeeds.Of(bpf),
            .. KernelBtf(bpf, inputs, entries), .. GlobalData(bpf),
        ];
        return [.. Merged(needs).OrderBy(need => need.Kind)];
    }

    private static IEnumerable<Need> Helpers(BpfObject bpf, LoaderInputs inputs)
    {
        var callers = new HelperCallers(bpf);
        foreach (var number in inputs.Helpers.Order())
        {
            if (HelperNames.Of(number) is not { } name) continue; // the verdict covers numbers that are no helper
            var programs = callers.Of(number);
            yield return new(NeedKind.Helper, Bpf + name, [.. programs.Select(p => p.Name)], AreOptional(programs))
            {
                Indicator = new Indicator.Helper(number),
            };
        }
    }

    private static IEnumerable<Need> Externs(BpfObject bpf, LoaderInputs inputs)
    {
        foreach (var wanted in inputs.Externs)
        {
            var kind = wanted.Kind switch
            {
                ExternKind.Function => NeedKind.Kfunc,
                ExternKind.Config => NeedKind.Kconfig,
                _ => NeedKind.Ksym,
            };
            yield return new(kind, wanted.Name, [], wanted.IsWeak)
            {
                Indicator = wanted.Kind switch
                {
                    ExternKind.Function => new Indicator.Kfunc(wanted.Name, wanted.TypeId),
                    ExternKind.Variable => new Indicator.Variable(wanted.Name, wanted.TypeId),
                    ExternKind.UntypedSymbol => new Indicator.Symbol(wanted.Name),
                    _ when wanted.Name.StartsWith("LINUX_", StringComparison.Ordinal) =>
                        new Indicator.Hidden("the loader on the node fills it in"),
                    _ => new Indicator.Hidden(
                        "BTF does not have the configuration; the loader reads /proc/config.gz or /boot/config-<release>"),
                },
            };
        }
    }

    private static IEnumerable<Need> MapTypesOf(BpfObject bpf) => Maps.Of(bpf)
        .Where(map => map.Definition is MapDefinition.Btf or MapDefinition.Legacy && !map.Type.StartsWith("un", StringComparison.Ordinal))
        .Select(map => new Need(NeedKind.MapType, map.Type, [], false)
        {
            Indicator = new Indicator.Enumerator("bpf_map_type", "BPF_MAP_TYPE_" + Upper(map.Type)),
        });

    private static IEnumerable<Need> Programs(List<BpfProgram> entries)
    {
        if (entries.Count > MaxPrograms)
        {
            var why = $"the object has more than {MaxPrograms} programs; the types and targets of the first ones are checked";
            yield return new(NeedKind.ProgramType, "all programs", [], false) { Indicator = new Indicator.Hidden(why) };
        }

        foreach (var program in entries.Take(MaxPrograms))
        {
            var type = ProgramTypes.Find(program.Section.Name).Name;
            if (type != "unknown")
                yield return Of(NeedKind.ProgramType, type, new Indicator.Enumerator("bpf_prog_type", "BPF_PROG_TYPE_" + Upper(type)));
            if (AttachTypes.Find(program.Section.Name) is { } attach)
                yield return Of(NeedKind.ProgramType, attach, new Indicator.Enumerator("bpf_attach_type", attach));
            if (AttachTarget.Find(program.Section.Name) is { } target)
                yield return Of(NeedKind.AttachTarget, target.Name, target.Indicator);

            Need Of(NeedKind kind, string name, Indicator indicator) =>
                new(kind, name, [program.Name], program.IsOptional) { Indicator = indicator };
        }
    }

    private static IEnumerable<Need> KernelBtf(BpfObject bpf, LoaderInputs inputs, IEnumerable<BpfProgram> entries)
    {
        var isWhole = inputs.Externs.Any(e => e.Kind is ExternKind.Function or ExternKind.Variable)
            || bpf.Elf.Sections.Any(StructOpsNeeds.IsMap);
        var programs = entries.Where(program => ProgramTypes.Find(program.Section.Name).NeedsKernelBtf).ToList();
        if (!isWhole && programs.Count == 0) yield break;
        // sysfs_btf.c is compiled only with CONFIG_DEBUG_INFO_BTF, and has one of these since 5.4.
        IReadOnlyList<string> names = isWhole ? [] : [.. programs.Select(p => p.Name)];
        yield return new(NeedKind.KernelBtf, "/sys/kernel/btf/vmlinux", names, !isWhole && AreOptional(programs))
        {
            Indicator = new Indicator.Built(["btf_vmlinux_init", "btf_vmlinux_read"], "CONFIG_DEBUG_INFO_BTF"),
        };
    }

    // "bpf: implement lookup-free direct value access for maps" (5.2) added the member and, with it, global data.
    private static IEnumerable<Need> GlobalData(BpfObject bpf) => bpf.Elf.Sections.Any(DataSections.IsGlobalData)
        ? [
            new Need(NeedKind.GlobalData, "global data", [], false)
            {
                Indicator = new Indicator.Member("bpf_map_ops", "map_direct_value_addr"),
            },
        ]
        : [];

    private static bool AreOptional(IReadOnlyCollection<BpfProgram> programs) =>
        programs.Count > 0 && programs.All(program => program.IsOptional);

    // Several programs may have the same need; it is optional only if all of them are. One name may be several needs: BTF shows a function
    // that is traced, /proc/kallsyms one that is probed; ksyscall/openat and lsm/file_open attach to functions of other names.
    private static IEnumerable<Need> Merged(IEnumerable<Need> needs) =>
        needs.GroupBy(need => (need.Kind, need.Name, need.Indicator)).Select(same => same.First() with
        {
            Programs = [.. same.SelectMany(need => need.Programs).Distinct(StringComparer.Ordinal)],
            Optional = same.All(need => need.Optional),
        });

    private static string Upper(string kebab) => kebab.Replace('-', '_').ToUpperInvariant();
}
