using Microsoft.Extensions.Configuration;
using Relo.Api.Ops;

namespace Relo.Api.Tests.Ops;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData(null, null, "http://localhost:8080/")]
    [InlineData("urls", "http://+:8080", "http://localhost:8080/")]
    [InlineData("urls", "https://localhost:1;http://0.0.0.0:9090", "http://localhost:9090/")]
    [InlineData("urls", "http://127.0.0.1:5000", "http://127.0.0.1:5000/")]
    [InlineData("http_ports", "8081;8082", "http://localhost:8081/")] // what the base image of the container sets
    [InlineData("Kestrel:Endpoints:Http:Url", "http://*:7070", "http://localhost:7070/")]
    [InlineData("Kestrel:Endpoints:Https:Url", "https://*:8443", "https://localhost:8443/")]
    [InlineData("urls", "https://+:8443", "https://localhost:8443/")]
    [InlineData("https_ports", "8443", "https://localhost:8443/")]
    public void The_service_of_this_machine_is_asked_where_it_listens(string? name, string? value, string expected)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(name is null ? [] : new Dictionary<string, string?> { [name] = value }).Build();
        Assert.Equal(expected, ListenAddress.Local(configuration).ToString());
    }
}
