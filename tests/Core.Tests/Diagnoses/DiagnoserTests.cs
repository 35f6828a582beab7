using Relo.Core.Btf;
using Relo.Core.Checks;
using Relo.Core.Diagnoses;

namespace Relo.Core.Tests.Diagnoses;

/// <summary>Logs that loaders really wrote (Logs/README.md), and the forms that others document.</summary>
public class DiagnoserTests
{
    private const string Access = "struct task_struct.nonesuch (0:1 @ offset 8)";

    [Theory]
    [InlineData("libbpf.in_subprogram")]
    [InlineData("bpftool.relocated")]
    [InlineData("cilium.in_subprogram")] // appends the functions in another order: the instruction is 12, not 25
    public void An_instruction_of_an_appended_function_is_mapped_to_its_record_and_c_line(string log)
    {
        // Without libbpf's own words about the access.
        var text =
            string.Join('\n', Refused.Log(log).Split('\n').Where(line => !line.Contains("failed to resolve", StringComparison.Ordinal)));
        var finding = Assert.Single(Refused.Diagnose(text).Findings);
        Assert.Equal((FindingKind.PoisonedRelocation, "in_subprogram", "first_by_name", ".text", Access, "no-field"),
            (finding.Kind, finding.Program, finding.Function, finding.Section, finding.Local, finding.Reason));
        Assert.Equal("first_by_name", Refused.Object.Records[Assert.Single(finding.Relocations)].Program!.Name);
        Assert.Equal((32, "long value = 0;"), (finding.Source!.Line, finding.Source.Text)); // as the compiler moved it
        Assert.Equal(
            "if (bpf_core_field_exists(struct task_struct, nonesuch))\n\tvalue = BPF_CORE_READ(task, nonesuch);", finding.Remedy!.Code);
    }

    [Fact]
    public void Every_line_of_these_logs_is_understood()
    {
        foreach (var log in (string[])["libbpf.in_subprogram", "libbpf.in_program", "libbpf.enumerator", "libbpf.helper", "libbpf.target",
            "libbpf.context", "bpftool.relocated"])
            Assert.Equal([], Refused.Diagnose(Refused.Log(log)).Unknown);
    }

    [Fact]
    public void The_access_that_libbpf_names_decides_between_records_of_one_program()
    {
        var finding = Assert.Single(Refused.Diagnose(Refused.Log("libbpf.in_program")).Findings);
        Assert.Equal(("in_program", null, 3, Access), (finding.Program, finding.Function, finding.Instruction, finding.Local));
        Assert.Equal([10, 11], finding.Lines);
    }

    [Fact]
    public void The_instruction_after_one_with_a_record_has_none()
    {
        var finding = Assert.Single(Refused.Diagnose(
            "libbpf: prog 'in_program': -- BEGIN PROG LOAD LOG --\n4: (85) call unknown#195896080\ninvalid func "
                + "unknown#195896080\n").Findings);
        Assert.Equal((4, 0), (finding.Instruction, finding.Relocations.Count));
        Assert.StartsWith("no CO-RE record is at this instruction", finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_enumerator_gets_a_guard()
    {
        var finding = Assert.Single(Refused.Diagnose(Refused.Log("libbpf.enumerator")).Findings);
        Assert.Equal(("enumerator", "no-type"), (finding.Program, finding.Reason));
        Assert.Contains("bpf_core_type_exists(enum nonesuch_enum)", finding.Remedy!.Code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_no_helper_is_told_apart_from_a_helper_that_the_kernel_lacks()
    {
        var none = Assert.Single(Refused.Diagnose(Refused.Log("libbpf.helper")).Findings);
        Assert.Equal((FindingKind.Helper, "helper", "helper 999", 0), (none.Kind, none.Program, none.Local, none.Instruction));

        var kernel = Refused.On(types => types.Enum("bpf_func_id", 4, false, ("BPF_FUNC_unspec", 0), ("__BPF_FUNC_MAX_ID", 130)));
        var absent =
            Assert.Single(Refused.Diagnose(
                "libbpf: prog 'helper': -- BEGIN PROG LOAD LOG --\n0: (85) call unknown#130\ninvalid func unknown#130\n", kernel).Findings);
        Assert.Equal(("bpf_ringbuf_output", CheckStatus.Absent, "5.8"), (absent.Local, absent.Status, absent.Since));
        Assert.Contains("bpf_perf_event_output", absent.Remedy!.Text, StringComparison.Ordinal);
        Assert.Contains(
            "bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_ringbuf_output)", absent.Remedy.Code, StringComparison.Ordinal);

        var forbidden = Assert.Single(
            Refused.Diagnose("program helper: load program: invalid argument: unknown func bpf_ringbuf_output#130 (3 line(s) omitted)",
            Refused.On(
                types => types.Enum("bpf_func_id", 4, false, ("BPF_FUNC_ringbuf_output", 130), ("__BPF_FUNC_MAX_ID", 211)))).Findings);
        Assert.Equal(("this type of program may not call bpf_ringbuf_output on this kernel", CheckStatus.Present),
            (forbidden.Explanation, forbidden.Status));
    }

    [Fact]
    public void A_helper_of_the_vendor_has_its_name_and_no_release()
    {
        var kernel = Refused.On(types => types.Enum("bpf_func_id", 4, false, ("BPF_FUNC_unspec", 0), ("__BPF_FUNC_MAX_ID", 212)));
        var finding = Assert.Single(Refused.Diagnose("program of this type cannot use helper bpf_vendor_x#250\n", kernel).Findings);
        Assert.Equal(("the kernel has no helper bpf_vendor_x", "enum bpf_func_id has no BPF_FUNC_vendor_x", null),
            (finding.Explanation, finding.Evidence, finding.Since));
    }

    [Theory]
    [InlineData("invalid func unknown#4000000000")]
    [InlineData("unknown func bpf_x#4000000000")]
    public void A_number_larger_than_an_instruction_holds_is_no_helper(string line)
    {
        var finding = Assert.Single(Refused.Diagnose(line).Findings);
        Assert.Equal(("no kernel has a helper of this number", "helper"), (finding.Explanation, finding.Local));
    }

    [Fact]
    public void A_missing_attach_target_is_named_with_the_evidence_of_the_kernel()
    {
        var kernel = Refused.On(types => types.Ref(BtfKind.Func, types.FuncProto(0), "other"));
        var finding = Assert.Single(Refused.Diagnose(Refused.Log("libbpf.target"), kernel).Findings);
        Assert.Equal((FindingKind.AttachTarget, "target", "nonesuch_function", CheckStatus.Absent),
            (finding.Kind, finding.Program, finding.Local, finding.Status));
        Assert.Contains("SEC(\"?fentry/nonesuch_function\")", finding.Remedy!.Code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_access_to_the_context_is_mapped_to_its_c_line()
    {
        var finding = Assert.Single(Refused.Diagnose(Refused.Log("libbpf.context")).Findings);
        Assert.Equal((FindingKind.ContextAccess, "context", 0), (finding.Kind, finding.Program, finding.Instruction));
        Assert.Equal("return ctx[1000];", finding.Source!.Text);
    }

    // btf_prepare_func_args of the kernel: for the entry program the verifier goes on.
    [Fact]
    public void What_the_verifier_says_of_arguments_counts_only_if_nothing_follows()
    {
        Assert.Equal(FindingKind.IncompleteType, Assert.Single(Refused.Diagnose(
            "Validating f() func#1...\narg#0 reference type('FWD task_struct') size cannot be determined: -22\nprocessed 0 insns "
                + "(limit 1000000)").Findings).Kind);
        Assert.DoesNotContain(
            Refused.Diagnose(Refused.Log("libbpf.in_program")).Findings, finding => finding.Kind == FindingKind.IncompleteType);
    }

    [Theory]
    [InlineData("Nov 28 22:49:23 node agent[123]: ")]
    [InlineData("2026-11-28T22:49:23.123456789Z stderr F ")]
    [InlineData("2026-11-28T22:49:23+0100 node agent[123]: ")]
    [InlineData("agent-1  | ")]
    [InlineData("\x1b[31m")]
    public void Prefixes_of_journals_and_colours_change_nothing(string prefix)
    {
        var plain = Assert.Single(Refused.Diagnose(Refused.Log("libbpf.in_subprogram")).Findings);
        var diagnosis = Refused.Diagnose(
            string.Join('\n', Refused.Log("libbpf.in_subprogram").TrimEnd('\n').Split('\n').Select(line => prefix + line)));
        var finding = Assert.Single(diagnosis.Findings);
        Assert.Equal(plain.Relocations, finding.Relocations);
        Assert.Equal(plain.Lines, finding.Lines);
        Assert.Equal(plain.Text, finding.Text);
        Assert.Equal([], diagnosis.Unknown);
    }

    // aya's ProgramError::LoadError prints the verifier's log and no name; as a JSON string it is one line.
    [Fact]
    public void A_program_that_the_log_does_not_name_is_recognised_by_its_instructions()
    {
        var log = "the BPF_PROG_LOAD syscall failed. Verifier output: " + TraceInSubprogram();
        foreach (var text in (string[])[log, log.Replace("\n", "\\n", StringComparison.Ordinal)])
            Assert.Equal(("in_subprogram", "first_by_name"),
                (Assert.Single(Refused.Diagnose(text).Findings).Program, Refused.Diagnose(text).Findings[0].Function));
    }

    [Fact]
    public void The_end_of_a_long_log_that_is_one_string_is_read()
    {
        var log = "Verifier output: " + string.Concat(Enumerable.Repeat("0: R1=ctx() R10=fp0\n", 20_000)) + TraceInSubprogram();
        var diagnosis = Refused.Diagnose(log.Replace("\n", "\\n", StringComparison.Ordinal));
        var finding = Assert.Single(diagnosis.Findings);
        Assert.Equal(("in_subprogram", "first_by_name", 1), (finding.Program, finding.Function, diagnosis.Lines));
    }

    private static string TraceInSubprogram() => string.Join('\n', Refused.Log("libbpf.in_subprogram").Split('\n')
        .Where(line => !line.StartsWith("libbpf:", StringComparison.Ordinal) && !line.StartsWith("failed", StringComparison.Ordinal)));

    [Fact]
    public void A_line_beyond_the_limit_of_messages_is_listed_and_counted_once()
    {
        var lines = Enumerable.Range(0, 1_005).Select(i => $"libbpf: extern (var ksym) 'x{i}': not found in kernel BTF\n");
        var diagnosis = Refused.Diagnose(string.Concat(lines));
        Assert.Equal((1_005, 1_000, 1_000, 5),
            (diagnosis.Lines, diagnosis.Findings.Count, diagnosis.Reporting, diagnosis.NotUnderstood));
        Assert.Equal(1_001, diagnosis.Unknown[0].Line);
    }

    [Fact]
    public void A_summary_without_the_instruction_names_all_records_that_it_may_be()
    {
        var finding =
            Assert.Single(Refused.Diagnose(
                "program in_program: load program: bad CO-RE relocation: invalid func unknown#195896080 (9 line(s) omitted)").Findings);
        Assert.Equal(("in_program", Access), (finding.Program, finding.Local));
        var unnamed = Assert.Single(Refused.Diagnose("load program: bad CO-RE relocation: invalid func unknown#195896080").Findings);
        Assert.Equal(3, unnamed.Relocations.Count);
        Assert.Null(unnamed.Program);
        Assert.StartsWith("the log does not say which of 3 records", unnamed.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_of_another_kernel_is_called_that()
    {
        var complete = Refused.On(types =>
        {
            var (number, wide) = (types.Int("int", 4, BtfInt.SignedEncoding), types.Int("long", 8, BtfInt.SignedEncoding));
            types.Struct("task_struct", 16, new BtfWriter.Member("pid", number, 0), new BtfWriter.Member("nonesuch", wide, 64));
        });
        var finding = Assert.Single(Refused.Diagnose(Refused.Log("libbpf.in_program"), complete).Findings);
        Assert.StartsWith("on the named kernel this record has a target", finding.Explanation, StringComparison.Ordinal);
        Assert.Null(finding.Reason);
    }

    [Fact]
    public void A_node_without_kernel_btf_is_told_to_load_the_relocated_object()
    {
        foreach (var line in (string[])["libbpf: failed to find valid kernel BTF", "libbpf: Error loading vmlinux BTF: -3",
            "apply CO-RE relocations: load kernel spec: no BTF found for kernel version 5.4.0: not supported"])
        {
            var finding = Assert.Single(Refused.Diagnose(line).Findings);
            Assert.Equal(FindingKind.KernelBtf, finding.Kind);
            Assert.Contains("relocated", finding.Remedy!.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_log_with_nothing_recognised_lists_its_lines_and_control_characters_are_visible()
    {
        var diagnosis = Refused.Diagnose("hello\nR1 invalid mem access 'scalar'\nbad\0\u202eline\n");
        Assert.Empty(diagnosis.Findings);
        Assert.Equal((3, 3), (diagnosis.Lines, diagnosis.NotUnderstood));
        Assert.Equal([new(1, "hello"), new(2, "R1 invalid mem access 'scalar'"), new(3, "bad\\u0000\\u202eline")], diagnosis.Unknown);
        Assert.NotEmpty(Diagnosis.Recognised);
    }

    [Fact]
    public void Each_recognised_form_matches_its_own_example()
    {
        foreach (var example in Diagnosis.Recognised) Assert.True(Refused.Diagnose(example).Findings.Count == 1, example);
    }

    [Fact]
    public void A_long_log_takes_time_linear_in_its_length()
    {
        var many =
            string.Concat(Enumerable.Repeat(
                "libbpf: prog 'prog 'prog '12: (85) call prog 'x': relo #'''''' unknown func unknown func #### 12: (8\n", 40_000));
        var diagnosis = Refused.Diagnose(many);
        Assert.Equal(40_000, diagnosis.Lines);
        Assert.True(Refused.Diagnose(new string('\'', 4_000_000)).Lines == 1);
    }
}
