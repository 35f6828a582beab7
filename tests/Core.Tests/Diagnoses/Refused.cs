using System.Text;
using Relo.Core.Btf;
using Relo.Core.Diagnoses;
using Relo.Core.Objects;

namespace Relo.Core.Tests.Diagnoses;

/// <summary>The object <c>Logs/refused.bpf.o</c> on a kernel that lacks what it asks for, and real logs of its programs.</summary>
internal static class Refused
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Diagnoses", "Logs");

    public static BpfObject Object { get; } = BpfObject.Read(File.ReadAllBytes(Path.Combine(Folder, "refused.bpf.o")));

    public static DiagnosedKernel Kernel { get; } = On(types =>
    {
        var number = types.Int("int", 4, BtfInt.SignedEncoding);
        types.Struct("task_struct", 4, new BtfWriter.Member("pid", number, 0));
    });

    public static string Log(string name) => File.ReadAllText(Path.Combine(Folder, name + ".log"));

    public static DiagnosedKernel On(Action<BtfWriter> kernel) => On(Object, kernel);

    public static DiagnosedKernel On(BpfObject bpf, Action<BtfWriter> kernel)
    {
        var writer = new BtfWriter();
        kernel(writer);
        var types = BtfReader.Read(writer.ToBytes());
        return new(bpf, types, Relocator.Relocate(bpf, types, TestContext.Current.CancellationToken), null);
    }

    public static Diagnosis Diagnose(string log, DiagnosedKernel? on = null, params IReadOnlyList<ProposalEvidence> evidence) =>
        Diagnoser.Diagnose(on ?? Kernel, Encoding.UTF8.GetBytes(log), evidence, TestContext.Current.CancellationToken);
}
