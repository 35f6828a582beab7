using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Btf;

namespace Relo.Api.Tests.Diagnoses;

public sealed class DiagnoseTests(Service service) : IClassFixture<Service>
{
    private const string Debug = "libbpf: prog 'handle_sched_switch': relo #4: substituting insn #78 w/ invalid insn\n";

    [Fact]
    public async Task A_line_is_mapped_to_its_record_and_kernels_that_have_the_field_are_named()
    {
        // Two kernels of other versions: one has the field, one does not.
        await AddAsync("6.1.0", types => State(types, "__state"));
        await AddAsync("5.4.0", types => State(types, "state"));
        var document = await DiagnoseAsync("kernel=5.10.0-flags-status",
            Form("libbpf: prog 'handle_sched_switch': -- BEGIN PROG LOAD LOG --\n78: <invalid CO-RE relocation>\n"));
        var finding = Assert.Single(document["findings"]!.AsArray())!;
        Assert.Equal("poisoned-relocation", (string?)finding["kind"]);
        Assert.Equal(("handle_sched_switch", 78, "no-field"),
            ((string?)finding["program"], (int?)finding["instruction"], (string?)finding["reason"]));
        Assert.Equal("[5]", finding["relocations"].Text());
        Assert.Contains("made/1/x86_64/6.1.0", finding["elsewhere"]!["present"]!.AsArray().Select(id => (string?)id));
        Assert.Contains("made/1/x86_64/5.4.0", finding["elsewhere"]!["absent"]!.AsArray().Select(id => (string?)id));
        var proposal = finding["proposals"]![0]!; // the most likely first
        Assert.Equal(("renamed", "state"), ((string?)proposal["kind"], (string?)proposal["path"]));
        Assert.Contains("6.1.0 has __state", (string?)proposal["evidence"], StringComparison.Ordinal);
        Assert.Contains("struct task_struct___new", (string?)finding["remedy"]!["code"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guarded_record_is_called_unreachable_and_needs_no_remedy()
    {
        var finding = Assert.Single((await DiagnoseAsync("kernel=5.10.0-flags-status", Form(Debug)))["findings"]!.AsArray())!;
        Assert.False((bool)finding["reachable"]!);
        Assert.Null(finding["remedy"]);
    }

    [Fact]
    public async Task A_log_with_nothing_recognised_is_answered_with_what_would_be()
    {
        var document = await DiagnoseAsync("kernel=5.10.0-flags-status", Form("something else\u0007\n"));
        Assert.Equal("""{"lines":1,"findings":0,"linesReporting":0,"linesNotUnderstood":1}""", document["summary"].Text());
        Assert.Equal("something else\\u0007", (string?)document["notUnderstood"]![0]!["text"]);
        Assert.NotEmpty(document["recognised"]!.AsArray());
    }

    [Fact]
    public async Task A_stored_object_is_named_in_the_query_or_the_form_and_parameters_may_be_fields()
    {
        (await service.Http.PostAsync("/v1/objects?name=diagnosed", Answers.Body(Samples.Object))).EnsureSuccessStatusCode();
        var inQuery = await DiagnoseAsync("kernel=5.10.0-flags-status&object=diagnosed", Form(Debug, withObject: false));
        var form = Form(Debug, withObject: false);
        form.Add(new StringContent("diagnosed"), "object");
        form.Add(new StringContent("5.10.0-flags-status"), "kernel");
        Assert.Equal(inQuery.Text(), (await DiagnoseAsync("", form)).Text());
        Assert.Equal("diagnosed", (string?)inQuery["name"]);
    }

    [Fact]
    public async Task What_is_missing_or_twice_is_refused()
    {
        await Refused("kernel=5.10.0-flags-status", Form(null), HttpStatusCode.BadRequest, "empty-body");
        await Refused("kernel=5.10.0-flags-status", Form(Debug, withObject: false), HttpStatusCode.BadRequest, "empty-body");
        await Refused("kernel=5.10.0-flags-status", Answers.Body(Samples.Object), HttpStatusCode.BadRequest, "empty-body");
        await Refused(
            "kernel=5.10.0-flags-status&object=nobody", Form(Debug, withObject: false), HttpStatusCode.NotFound, "object-not-found");
        await Refused("kernel=9.9.9", Form(Debug), HttpStatusCode.NotFound, "kernel-not-found");
        await Refused("", Form(Debug), HttpStatusCode.BadRequest, "invalid-kernel");
        await Refused("kernel=5.10.0-flags-status&log=x", Form(Debug), HttpStatusCode.BadRequest, "unknown-parameter");
        var twice = Form(Debug);
        twice.Add(Answers.Body(Encoding.UTF8.GetBytes(Debug)), "log", "b.log");
        await Refused("kernel=5.10.0-flags-status", twice, HttpStatusCode.BadRequest, "invalid-body");
        var other = Form(Debug);
        other.Add(new StringContent("x"), "logs");
        var problem = await Refused("kernel=5.10.0-flags-status", other, HttpStatusCode.BadRequest, "unknown-parameter");
        Assert.Equal("logs", (string?)problem["parameter"]);
    }

    [Fact]
    public async Task An_object_that_libbpf_refuses_there_is_explained_all_the_same()
    {
        var types = new BtfWriter();
        State(types, "__state");
        State(types, "__state", offset: 64);
        await AddAsync("5.9.0-twice", types);
        var document = await DiagnoseAsync("kernel=5.9.0-twice",
            Form("libbpf: prog 'handle_sched_switch': relo #3: failed to relocate: -22\nlibbpf: failed to load object\n"));
        var finding = Assert.Single(document["findings"]!.AsArray())!;
        Assert.Equal("relocation-failed", (string?)finding["kind"]);
        Assert.Equal("[4]", finding["relocations"].Text());
    }

    private static void State(BtfWriter types, string name, uint offset = 0)
    {
        var number = types.Int("unsigned int", 4);
        types.Struct("task_struct", 16, new BtfWriter.Member("pid", number, 96), new BtfWriter.Member(name, number, offset));
    }

    private async Task AddAsync(string release, Action<BtfWriter> write)
    {
        var types = new BtfWriter();
        write(types);
        await AddAsync(release, types);
    }

    private async Task AddAsync(string release, BtfWriter types) =>
        (await service.Http.PostAsync($"/v1/kernels?distro=made&version=1&arch=x86_64&release={release}", Answers.Body(types.ToBytes())))
            .EnsureSuccessStatusCode();

    private static MultipartFormDataContent Form(string? log, bool withObject = true)
    {
        var form = new MultipartFormDataContent();
        if (withObject) form.Add(Answers.Body(Samples.Object), "object", "tracer.bpf.o");
        if (log is not null) form.Add(Answers.Body(Encoding.UTF8.GetBytes(log)), "log", "load.log");
        if (!form.Any()) form.Add(new StringContent("x"), "name");
        return form;
    }

    private async Task<JsonObject> DiagnoseAsync(string query, HttpContent content)
    {
        using var answer = await service.Http.PostAsync($"/v1/diagnoses?{query}", content, TestContext.Current.CancellationToken);
        var document = await answer.JsonAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, document.Text());
        return document;
    }

    private async Task<JsonObject> Refused(string query, HttpContent content, HttpStatusCode status, string code)
    {
        using var answer = await service.Http.PostAsync($"/v1/diagnoses?{query}", content, TestContext.Current.CancellationToken);
        return await answer.ProblemAsync(status, code);
    }
}
