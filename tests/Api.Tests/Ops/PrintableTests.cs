using Relo.Core.Bytes;

namespace Relo.Api.Tests.Ops;

public sealed class PrintableTests
{
    [Fact]
    public void Letters_of_every_language_stay_as_they_are()
    {
        using var output = new StringWriter();
        Printable.Write(output, "Ünïcode 内核 ядро 🐝 \ud800!");
        Assert.Equal(@"Ünïcode 内核 ядро 🐝 \ud800!", output.ToString());
    }

    [Fact]
    public void Controls_are_written_as_escapes()
    {
        using var output = new StringWriter();
        Printable.Write(output, "x\n\u001b]0;pwned\u0007\u202e");
        Assert.Equal(@"x\n\u001b]0;pwned\u0007\u202e", output.ToString());
    }
}
